import { describe, expect, test } from "vitest";
import type { Handshake, Plugin } from "./index.ts";
import { every, insider, rig, slowHook, watch } from "./test-kit.ts";

describe("what is called from inside", () => {
  test("reconnect() by a strategy forgets the outage, whatever the strategy answers then", async () => {
    const attempts: number[] = [];
    const strategy: Plugin = {
      name: "meddler",
      nextDelay({ attempt }) {
        attempts.push(attempt);
        if (attempts.length === 1) client.reconnect();
        return 10;
      },
    };
    const { client, clock, connected, server } = rig({ plugins: [strategy] });
    await connected();
    server.peer.drop();
    await clock.settle();
    expect(client.isConnected).toBe(true);
    server.peer.drop();
    await clock.settle();
    expect(attempts).toEqual([1, 1]);
  });

  test("close() by a setup that starts the client afresh tears everything down", async () => {
    let isSetUp = false;
    let closes = false;
    const plugin: Plugin = {
      name: "closer",
      setup({ client }) {
        isSetUp = true;
        if (closes) watch(client.close());
        return () => (isSetUp = false);
      },
    };
    const { client, clock, connected, server } = rig({
      plugins: [plugin, { name: "no-retry", nextDelay: () => null }],
    });
    await connected();
    server.peer.drop();
    await clock.settle();
    closes = true;
    const connecting = watch(client.connect());
    await clock.settle();
    expect(connecting.status).toBe("rejected");
    expect([isSetUp, server.live, clock.pending]).toEqual([false, 0, 0]);
  });

  test("close() by a listener of what has expired leaves no message without a fate", async () => {
    const { client, clock, told } = rig({ sendQueue: { capacity: 10 } });
    client.send("old", { maxAge: 10 });
    clock.jump(20);
    client.on("dropped", () => void client.close());
    client.send("new");
    await clock.settle();
    expect(told("dropped")).toEqual([
      { messages: ["old"], reason: "expired" },
      { messages: ["new"], reason: "closed" },
    ]);
    expect(client.snapshot().queued).toBe(0);
  });
});

test("an exchange that would hold messages back does not begin on a connection that is gone", async () => {
  const inside = insider();
  const greeting: Handshake = { name: "greeting", handshake: async () => {} };
  const { client, clock, connected, server } = rig({ plugins: [inside, every(10), greeting] });
  await connected();
  server.peer.drop();
  await clock.settle();
  const seen: number[] = [];
  const first = watch(
    inside.context.exchange(async ({ connectionId }) => {
      seen.push(connectionId);
      inside.context.fail(new Error("doubted"));
    }),
  );
  const second = watch(
    inside.context.exchange(async ({ connectionId }) => void seen.push(connectionId), {
      hold: true,
    }),
  );
  await clock.advance(10);
  await clock.advance(10);
  expect([first.status, second.status]).toEqual(["rejected", "resolved"]);
  expect(seen).toEqual([2, 3]);
  expect(client.send("on its way")).toBe("sent");
});

test("flush rejects when bytes are lost, also if the message behind them has expired in a hook", async () => {
  const hook = slowHook();
  const { client, clock, connected } = rig({ plugins: [hook, every(1_000)] });
  const peer = await connected();
  peer.slow();
  watch(client.sendAsync("buffered"));
  hook.answer();
  await clock.settle();
  client.send("behind", { maxAge: 10 });
  const flushing = watch(client.flush());
  await clock.advance(20);
  peer.drop();
  await clock.settle();
  expect(flushing.error).toMatchObject({ code: "CONNECTION_LOST" });
});
