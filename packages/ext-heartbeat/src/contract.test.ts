import { pluginContract } from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { heartbeat } from "./index.ts";

describe.each([
  ["by ping frames", () => heartbeat()],
  [
    "by a message",
    () => heartbeat({ message: "ping?", isReply: (message) => message === "pong!" }),
  ],
])("heartbeat %s keeps the plugin contract", (_, plugin) => {
  const cases = pluginContract({
    plugin,
    serve: (message, peer) => {
      if (message === "ping?") peer.send("pong!");
    },
  });
  for (const { name, skip, run } of cases) {
    expect(skip).toBeUndefined();
    test(name, run);
  }
});
