import { describe, expect, test } from "vitest";
import { chain, sendMessage } from "../index.ts";
import { pluginContract, type PluginHarness } from "./index.ts";

const kits: Readonly<Record<string, PluginHarness>> = {
  "a plugin without hooks": { plugin: () => ({ name: "nothing" }) },
  sendMessage: {
    plugin: () => sendMessage("hello s3cret", { reply: true }),
    serve: (message, peer) => {
      if (message === "hello s3cret") peer.send("welcome");
    },
    secrets: ["s3cret"],
  },
  chain: {
    plugin: () => chain([sendMessage("one"), sendMessage("two", { reply: true })]),
    serve: (message, peer) => {
      if (message === "two") peer.send("welcome");
    },
  },
  "a handshake with a server that speaks first": {
    plugin: () => ({
      name: "greeted",
      async handshake(session) {
        await session.receive((message) => message === "hello");
        session.send("hello yourself");
      },
    }),
    greet: (peer) => void peer.send("hello"),
  },
};

describe.each(Object.entries(kits))("%s keeps the plugin contract", (_, harness) => {
  for (const { name, skip, run } of pluginContract(harness)) {
    expect(skip).toBeUndefined();
    test(name, run);
  }
});

test("cases that need what a plugin lacks are skipped, and say why", async () => {
  const cases = pluginContract({
    plugin: () => ({ name: "codec" }),
    capabilities: { passes: false, synchronous: false },
  });
  const skipped = cases.filter(({ skip }) => skip !== undefined);
  expect(skipped.map(({ skip }) => skip)).toEqual([
    "the plugin lacks passes",
    "the plugin lacks passes",
    "the plugin lacks passes and synchronous",
  ]);
  for (const { run } of skipped) await run();
});
