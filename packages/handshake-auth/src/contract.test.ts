import { pluginContract } from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { auth } from "./index.ts";

const secret = "s3cr3t-t0ken";

describe.each([
  ["without a reply", () => auth(secret)],
  ["with a reply", () => auth(secret, { reply: { accept: (message) => message === "welcome" } })],
  ["with a token function", () => auth(async () => secret, { format: "json", reply: true })],
])("auth %s keeps the plugin contract", (_, plugin) => {
  const cases = pluginContract({
    plugin,
    serve: (message, peer) => {
      if (String(message).includes(secret)) peer.send("welcome");
    },
    secrets: [secret],
  });
  for (const { name, skip, run } of cases) {
    expect(skip).toBeUndefined();
    test(name, run);
  }
});
