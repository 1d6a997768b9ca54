import { describe, expect, test } from "vitest";
import { MessageDroppedError } from "./index.ts";
import type { Extension } from "./index.ts";
import { insider, rig, slowHook } from "./test-kit.ts";

describe("maxAge 0", () => {
  test("sends now", async () => {
    const { client, connected } = rig({ plugins: [{ name: "hook", onSend: () => {} }] });
    const peer = await connected();
    expect(client.send("a", { maxAge: 0 })).toBe("sent");
    await client.sendAsync("b", { maxAge: 0 });
    expect(peer.received).toEqual(["a", "b"]);
  });

  test("or never, and raises no `drain`", async () => {
    const { client, told } = rig();
    expect(client.send("a", { maxAge: 0 })).toBe("dropped");
    await expect(client.sendAsync("b", { maxAge: 0 })).rejects.toEqual(
      new MessageDroppedError("expired"),
    );
    expect(told("dropped")).toEqual([
      { messages: ["a"], reason: "expired" },
      { messages: ["b"], reason: "expired" },
    ]);
    expect(told("drain")).toEqual([]);
  });

  test("of the whole queue makes it one that never holds anything", async () => {
    const { client, connected } = rig({ sendQueue: { maxAge: 0 } });
    expect(client.send("a")).toBe("dropped");
    const peer = await connected();
    expect(client.send("b")).toBe("sent");
    expect(peer.received).toEqual(["b"]);
  });

  test("is never for a message that a hook has when the connection is lost", async () => {
    const hook = slowHook();
    const { client, connected, told } = rig({ plugins: [hook] });
    const peer = await connected();
    client.send("a", { maxAge: 0 });
    peer.drop();
    expect(told("dropped")).toEqual([{ messages: ["a"], reason: "expired" }]);
  });
});

test("A message with an age keeps it when a hook ends the connection under it", async () => {
  const plugin = insider();
  const hook: Extension = { name: "fuse", onSend: () => plugin.context.fail(new Error("blown")) };
  const { client, connected, told } = rig({ plugins: [hook, plugin] });
  await connected();
  client.send("a", { maxAge: 0 });
  expect(told("dropped")).toEqual([{ messages: ["a"], reason: "expired" }]);
});

test("A message that expires while others are sent leaves the rest alone", async () => {
  const { client, clock, connected, told } = rig({ sendQueue: { maxAge: 10 } });
  client.send("old");
  client.send("new", { maxAge: 20 });
  clock.jump(10);
  client.on("dropped", () => client.send("news"));
  const peer = await connected();
  expect(peer.received).toEqual(["new", "news"]);
  expect(told("dropped")).toEqual([{ messages: ["old"], reason: "expired" }]);
});

test("A listener that closes the client on an expired message stops the queue", async () => {
  const { client, clock, connected, told } = rig({
    highWaterMark: 1,
    sendQueue: { maxAge: 10 },
  });
  const peer = await connected();
  peer.slow();
  client.send("buffered");
  client.send("old");
  clock.jump(5);
  client.send("new");
  clock.jump(5);
  client.on("dropped", () => void client.disconnect());
  peer.flow();
  await clock.settle();
  expect(peer.received).toEqual(["buffered"]);
  expect(client.snapshot().queued).toBe(1);
  expect(told("dropped")).toHaveLength(1);
});
