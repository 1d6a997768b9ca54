import { ConnectionLostError, chain, sendMessage } from "@stream-tungstenite/core";
import type { Handshake } from "@stream-tungstenite/core";
import { rig, watch } from "rig";
import { describe, expect, expectTypeOf, test } from "vitest";
import { subscribe } from "./index.ts";
import type { Subscriptions } from "./index.ts";
import { asked } from "./testing/protocol.ts";

test("the types are those of a handshake with a handle", () => {
  const feeds = subscribe(["a"]);
  expectTypeOf(feeds).toEqualTypeOf<Subscriptions>();
  expectTypeOf<Subscriptions>().toExtend<Handshake>();
  expectTypeOf(feeds.channels).toEqualTypeOf<readonly string[]>();
  expectTypeOf<Subscriptions["add"]>().returns.toEqualTypeOf<Promise<void>>();
  // @ts-expect-error -- channels are strings
  expect(() => subscribe([1])).toThrow("1");
  // @ts-expect-error -- a verdict is no boolean
  subscribe(["a"], { confirm: () => true });
  // @ts-expect-error -- the set changes by its verbs only
  expect(() => (feeds.channels = [])).toThrow(TypeError);
});

test("every connection asks for each channel exactly once, in order", async () => {
  const { clock, server, client, connected } = rig([subscribe(["b", "a", "b"])]);
  await connected();
  server.drop();
  await clock.advance(1000);
  server.drop();
  await clock.advance(2000);
  expect(server.peers.map((peer) => peer.received)).toEqual([
    [asked("b", "a")],
    [asked("b", "a")],
    [asked("b", "a")],
  ]);
  void client.close();
  await clock.settle();
  expect(clock.pending).toBe(0);
});

test("nothing is sent for an empty set", async () => {
  const { client, connected } = rig([subscribe([], { confirm: true })]);
  const peer = await connected();
  expect(peer.received).toEqual([]);
  void client.close();
});

test("nothing of the application overtakes the subscriptions", async () => {
  const { clock, server, client, messages, started } = rig([subscribe(["a"], { confirm: true })]);
  client.send("early");
  await started();
  server.peer.send("news");
  await clock.settle();
  expect(server.peer.received).toEqual([asked("a")]);
  server.peer.send('{"type":"subscribed"}');
  await clock.settle();
  expect(server.peer.received).toEqual([asked("a"), "early"]);
  expect(messages).toEqual(["news"]);
  void client.close();
});

test("a format of one's own makes one message or several, text or binary", async () => {
  const { client, connected } = rig([
    subscribe(["a", "b"], {
      format: (channels, action) => channels.map((channel) => `${action} ${channel}`),
    }),
    subscribe(["c"], { format: () => new Uint8Array([1]) }),
  ]);
  const peer = await connected();
  expect(peer.received).toEqual(["subscribe a", "subscribe b", new Uint8Array([1])]);
  void client.close();
});

test("what a format throws fails the attempt, which is retried", async () => {
  const { client, errors, started } = rig([
    subscribe(["a"], {
      format: () => {
        throw new Error("no such format");
      },
    }),
  ]);
  await started();
  expect(errors[0]).toMatchObject({
    code: "HANDSHAKE",
    message: "Handshake 'subscribe' failed: no such format",
  });
  expect(client.state.status).toBe("waiting");
  void client.close();
});

describe("batches", () => {
  test("hold so many channels", async () => {
    const { client, connected } = rig([subscribe(["a", "b", "c", "d", "e"], { batchSize: 2 })]);
    const peer = await connected();
    expect(peer.received).toEqual([asked("a", "b"), asked("c", "d"), asked("e")]);
    void client.close();
  });

  test("follow each other when the one before is confirmed", async () => {
    const { clock, server, client, started } = rig([
      subscribe(["a", "b"], { batchSize: 1, confirm: true }),
    ]);
    await started();
    expect(server.peer.received).toEqual([asked("a")]);
    server.peer.send('{"type":"subscribed"}');
    await clock.settle();
    expect(server.peer.received).toEqual([asked("a"), asked("b")]);
    expect(client.isConnected).toBe(false);
    server.peer.send('{"type":"subscribed"}');
    await clock.settle();
    expect(client.isConnected).toBe(true);
    void client.close();
  });

  test("keep their distance, also from later changes, longer than any handshake may take", async () => {
    const feeds = subscribe(["a", "b", "c"], { batchSize: 1, interval: 8_000 });
    const { clock, server, client, started } = rig([feeds]);
    await started();
    expect(server.peer.received).toHaveLength(1);
    await clock.advance(7_999);
    expect(server.peer.received).toHaveLength(1);
    await clock.advance(1);
    expect(server.peer.received).toHaveLength(2);
    await clock.advance(8_000);
    expect(client.isConnected).toBe(true);
    expect(server.peer.received).toHaveLength(3);
    void feeds.add(["d"]);
    void feeds.add(["e"]);
    await clock.advance(7_999);
    expect(server.peer.received).toHaveLength(3);
    await clock.advance(1);
    expect(server.peer.received.slice(3)).toEqual([asked("d")]);
    await clock.advance(8_000);
    expect(server.peer.received.slice(4)).toEqual([asked("e")]);
    await clock.advance(60_000);
    void feeds.remove(["a"]);
    expect(server.peer.received).toHaveLength(6);
    void client.close();
    await clock.settle();
    expect(clock.pending).toBe(0);
  });

  test("leave no timer behind when the connection ends meanwhile", async () => {
    const { clock, server, client, started } = rig([
      subscribe(["a", "b"], { batchSize: 1, interval: 1_000 }),
    ]);
    await started();
    server.drop();
    await clock.settle();
    expect(client.state.status).toBe("waiting");
    await clock.advance(500);
    expect(server.peer.received).toEqual([asked("a")]);
    await clock.advance(999);
    expect(server.peer.received).toEqual([asked("a")]);
    await clock.advance(1);
    expect(server.peer.received).toEqual([asked("a"), asked("b")]);
    server.drop();
    void client.close();
    await clock.settle();
    expect(clock.pending).toBe(0);
  });
});

test("works in a chain, also for changes later", async () => {
  const feeds = subscribe(["a"]);
  const { clock, server, client, connected } = rig([chain(sendMessage("hello"), feeds)]);
  await connected();
  await feeds.add(["b"]);
  server.drop();
  await clock.advance(1000);
  expect(server.peers.map((peer) => peer.received)).toEqual([
    ["hello", asked("a"), asked("b")],
    ["hello", asked("a", "b")],
  ]);
  void client.close();
});

test("a chain's deadline is none for later changes", async () => {
  const feeds = subscribe([], { confirm: true });
  const { clock, client, connected } = rig([chain([feeds], { timeout: 500 })]);
  const peer = await connected();
  const adding = watch(feeds.add(["a"]));
  await clock.advance(600);
  peer.send('{"type":"subscribed"}');
  await clock.settle();
  expect(adding.status).toBe("resolved");
  void client.close();
});

test("taken out and added again, it begins anew", async () => {
  const { clock, client, connected } = rig([]);
  const peer = await connected();
  const feeds = subscribe(["a"]);
  const undo = client.use(feeds);
  undo();
  client.use(feeds);
  await clock.settle();
  expect(peer.received).toEqual([asked("a"), asked("a")]);
  void client.close();
});

test("added to a client that is connected, it subscribes at once", async () => {
  const { clock, server, client, connected } = rig([]);
  await connected();
  const feeds = subscribe(["a"]);
  client.use(feeds);
  await clock.settle();
  expect(server.peer.received).toEqual([asked("a")]);
  server.drop();
  await clock.advance(1000);
  expect(server.peer.received).toEqual([asked("a")]);
  void client.close();
});

test("a loss while it waits is the connection's affair", async () => {
  const { clock, server, client, errors, started } = rig([subscribe(["a"], { confirm: true })]);
  await started();
  server.drop();
  await clock.settle();
  expect(errors).toEqual([expect.any(ConnectionLostError)]);
  await clock.advance(1000);
  expect(server.peer.received).toEqual([asked("a")]);
  void client.close();
});
