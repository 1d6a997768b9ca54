import { pluginContract } from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { logging } from "./index.ts";

const nowhere = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };

describe.each([
  ["as it is", () => logging({ logger: nowhere })],
  ["verbose", () => logging.verbose({ logger: nowhere })],
])("logging %s keeps the plugin contract", (_, plugin) => {
  for (const { name, skip, run } of pluginContract({ plugin })) {
    expect(skip).toBeUndefined();
    test(name, run);
  }
});
