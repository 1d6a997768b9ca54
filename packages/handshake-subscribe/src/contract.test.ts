import { pluginContract } from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { subscribe } from "./index.ts";

describe.each([
  ["without confirmation", () => subscribe(["trades", "orders"])],
  ["with confirmation", () => subscribe(["trades", "orders"], { confirm: true })],
  [
    "in paced batches",
    () => subscribe(["a", "b", "c"], { batchSize: 1, interval: 50, confirm: true }),
  ],
])("subscribe %s keeps the plugin contract", (_, plugin) => {
  const cases = pluginContract({
    plugin,
    serve: (message, peer) => {
      if (typeof message !== "string" || !message.includes('"subscribe"')) return;
      peer.send(message.replace('"subscribe"', '"subscribed"'));
    },
  });
  for (const { name, skip, run } of cases) {
    expect(skip).toBeUndefined();
    test(name, run);
  }
});
