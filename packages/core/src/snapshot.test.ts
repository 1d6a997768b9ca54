import { expect, test } from "vitest";
import { rig, watch } from "./test-kit.ts";
import type { MemoryDial } from "./testing/index.ts";

const fails = (dial: MemoryDial): void => dial.fail("tcp");
const every = { name: "every", nextDelay: () => 10 };

test("a fresh client has done nothing", () => {
  const { client } = rig({ url: "ws://user:secret@server.test/?token=secret" });
  expect(client.snapshot()).toEqual({
    status: "idle",
    url: "ws://***@server.test/?token=***",
    connectionId: null,
    connectionCount: 0,
    reconnectCount: 0,
    errorCount: 0,
    connectedFor: null,
    lastDisconnect: null,
    lastError: null,
    messagesReceived: 0,
    messagesSent: 0,
    bytesReceived: 0,
    bytesSent: 0,
    queued: 0,
    queuedBytes: 0,
    bufferedAmount: 0,
  });
});

test("a snapshot counts what was sent, received, queued and buffered", async () => {
  const { client, clock, connected } = rig({ highWaterMark: 3 });
  const peer = await connected();
  await clock.advance(70);
  client.send("é");
  peer.send("hello");
  peer.send(new Uint8Array(3));
  peer.slow();
  client.send("four");
  client.send("queued");
  expect(client.snapshot()).toMatchObject({
    status: "connected",
    connectionId: 1,
    connectionCount: 1,
    reconnectCount: 0,
    connectedFor: 70,
    messagesReceived: 2,
    bytesReceived: 8,
    messagesSent: 2,
    bytesSent: 6,
    queued: 1,
    queuedBytes: 6,
    bufferedAmount: 10,
  });
  expect(client.bufferedAmount).toBe(10);
});

test("counts outlive connections", async () => {
  const { client, clock, connected, server, told } = rig({ plugins: [every] });
  const peer = await connected();
  peer.send("one");
  await clock.advance(500);
  server.script(fails);
  server.drop();
  await clock.advance(20);
  server.peer.send("two");
  const { cause } = told("disconnected")[0]!;
  expect(client.snapshot()).toMatchObject({
    connectionId: 2,
    connectionCount: 2,
    reconnectCount: 1,
    errorCount: 1,
    lastDisconnect: { at: 500, cause },
    lastError: told("error")[0]!.error,
    messagesReceived: 2,
    bytesReceived: 6,
  });
  await client.disconnect();
  expect(client.snapshot()).toMatchObject({
    status: "idle",
    connectionId: null,
    connectedFor: null,
    lastDisconnect: { at: 520, cause: null },
  });
});

test("giving up is an error too", async () => {
  const { client, clock, server, told } = rig({
    plugins: [{ name: "no-retry", nextDelay: () => null }],
  });
  server.script(fails);
  watch(client.connect());
  await clock.settle();
  expect(client.snapshot()).toMatchObject({
    status: "closed",
    errorCount: 1,
    lastError: told("fatal")[0]!.error,
  });
});
