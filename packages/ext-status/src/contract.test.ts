import { pluginContract } from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { status } from "./index.ts";

describe("status keeps the plugin contract", () => {
  for (const { name, skip, run } of pluginContract({ plugin: () => status() })) {
    expect(skip).toBeUndefined();
    test(name, run);
  }
});
