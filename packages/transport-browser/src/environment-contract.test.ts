import { pluginContract } from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { environment } from "./index.ts";

describe.each([
  ["with events of its own", () => environment({ events: new EventTarget() })],
  ["with what the platform has", () => environment()],
])("environment %s keeps the plugin contract", (_, plugin) => {
  for (const { name, skip, run } of pluginContract({ plugin })) {
    expect(skip).toBeUndefined();
    test(name, run);
  }
});
