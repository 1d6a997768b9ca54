import { ConfigurationError, PluginError, sendMessage } from "@stream-tungstenite/core";
import { faultsOf, rig } from "rig";
import { expect, test } from "vitest";
import { status } from "./index.ts";

test("is idle and empty before there is a client", () => {
  const handle = status();
  expect(handle).toMatchObject({
    name: "status",
    current: { status: "idle" },
    isConnected: false,
    uptime: 0,
    connectionCount: 0,
    reconnectCount: 0,
    timeConnected: 0,
    timeInOutage: 0,
    lastCause: null,
    history: [],
    messagesReceived: 0,
    messagesSent: 0,
    bytesReceived: 0,
    bytesSent: 0,
  });
  expect(handle.getSnapshot()).toEqual({
    state: { status: "idle" },
    isConnected: false,
    connectionCount: 0,
    reconnectCount: 0,
    lastCause: null,
  });
});

test("follows the client through a whole life", async () => {
  const handle = status();
  const { clock, client, server, connected } = rig([handle]);
  const seen: string[] = [];
  handle.subscribe(() => seen.push(handle.current.status));
  await connected();
  expect(handle.isConnected).toBe(true);
  server.drop();
  await clock.settle();
  expect(handle.current).toMatchObject({ status: "waiting", attempt: 1, delay: 500 });
  expect(handle.isConnected).toBe(false);
  await clock.advance(500);
  expect(handle.current).toEqual({ status: "connected", id: 2, since: 500 });
  await client.close();
  expect(seen).toEqual([
    "connecting",
    "connected",
    "waiting",
    "connecting",
    "connected",
    "closing",
    "closed",
  ]);
});

test("what it says of the state is what the client says", async () => {
  const handle = status();
  const { clock, client, connected } = rig([handle, sendMessage("hello", { reply: true })]);
  const equal: boolean[] = [];
  handle.subscribe(() => equal.push(handle.current === client.state));
  void connected().catch(() => {});
  await clock.settle();
  expect(handle.current).toMatchObject({ status: "handshaking", step: "send-message" });
  expect(equal.every(Boolean) && equal.length > 1).toBe(true);
  await client.close();
});

test("counts connections and reconnections", async () => {
  const handle = status();
  const { clock, server, connected } = rig([handle]);
  await connected();
  expect([handle.connectionCount, handle.reconnectCount]).toEqual([1, 0]);
  for (let i = 0; i < 3; i++) {
    server.drop();
    await clock.advance(60_000);
  }
  expect([handle.connectionCount, handle.reconnectCount]).toEqual([4, 3]);
  expect(handle.getSnapshot()).toMatchObject({ connectionCount: 4, reconnectCount: 3 });
});

test("a failed dial is no connection", async () => {
  const handle = status();
  const { clock, client, server } = rig([handle]);
  server.script((dial) => dial.refuse(503));
  client.connect().catch(() => {});
  await clock.settle();
  expect([handle.connectionCount, handle.reconnectCount]).toEqual([0, 0]);
  await clock.advance(500);
  expect([handle.connectionCount, handle.reconnectCount]).toEqual([1, 0]);
});

test("uptime is that of the present connection, the time connected that of all", async () => {
  const handle = status();
  const { clock, client, server, connected } = rig([handle]);
  await connected();
  await clock.advance(7_000);
  expect([handle.uptime, handle.timeConnected]).toEqual([7_000, 7_000]);
  server.drop();
  await clock.settle();
  expect([handle.uptime, handle.timeConnected]).toEqual([0, 7_000]);
  await clock.advance(500);
  await clock.advance(2_000);
  expect([handle.uptime, handle.timeConnected]).toEqual([2_000, 9_000]);
  await client.disconnect();
  await clock.advance(2_000);
  expect([handle.uptime, handle.timeConnected]).toEqual([0, 9_000]);
});

test("a clock that is set back makes nothing negative", async () => {
  const handle = status();
  const { clock, connected } = rig([handle]);
  await connected();
  await clock.advance(1_000);
  clock.now = () => -5_000;
  expect([handle.uptime, handle.timeConnected, handle.timeInOutage]).toEqual([0, 0, 0]);
});

test("an outage lasts from the loss until it is connected again, failed dials included", async () => {
  const handle = status();
  const { clock, server, connected } = rig([handle]);
  await connected();
  await clock.advance(10_000);
  expect(handle.timeInOutage).toBe(0);
  server.script((dial) => dial.refuse(503));
  server.drop();
  await clock.advance(400);
  expect(handle.timeInOutage).toBe(400);
  // 500 ms to the refused dial, 1,000 ms to the next.
  await clock.advance(1_100);
  expect(handle.isConnected).toBe(true);
  expect(handle.timeInOutage).toBe(1_500);
  await clock.advance(60_000);
  expect(handle.timeInOutage).toBe(1_500);
  server.drop();
  await clock.advance(500);
  expect(handle.timeInOutage).toBe(2_000);
});

test("what the application asked for is no outage, nor is the way to the first connection", async () => {
  const handle = status();
  const { clock, client, server, connected } = rig([handle]);
  server.script((dial) => dial.refuse(503));
  client.connect().catch(() => {});
  await clock.advance(5_000);
  expect([handle.isConnected, handle.timeInOutage]).toEqual([true, 0]);
  await client.disconnect();
  await clock.advance(5_000);
  await connected();
  server.peer.answersClose = false;
  client.reconnect();
  await clock.advance(2_000);
  expect(handle.current.status).toBe("closing");
  expect(handle.timeInOutage).toBe(0);
});

test("an outage ends when the application stops it, or the client gives up", async () => {
  const handle = status();
  const { clock, client, server, connected } = rig([handle]);
  await connected();
  server.drop();
  await clock.advance(100);
  await client.disconnect();
  await clock.advance(5_000);
  expect(handle.timeInOutage).toBe(100);
  await connected();
  server.onDial((dial) => dial.refuse(503));
  server.drop();
  await clock.advance(500);
  await client.close();
  await clock.advance(5_000);
  expect(handle.timeInOutage).toBe(600);
});

test("the last cause is why the last connection or dial failed, and stays", async () => {
  const handle = status();
  const { clock, client, server, connected } = rig([handle]);
  await connected();
  server.script((dial) => dial.refuse(503));
  server.peer.close(1012, "restart");
  await clock.settle();
  expect(handle.lastCause).toMatchObject({ code: "CONNECTION_LOST", close: { code: 1012 } });
  await clock.advance(500);
  expect(handle.lastCause).toMatchObject({ code: "CONNECT", status: 503 });
  await clock.advance(1_000);
  expect(handle.isConnected).toBe(true);
  expect(handle.lastCause).toMatchObject({ code: "CONNECT", status: 503 });
  expect(handle.getSnapshot().lastCause).toBe(handle.lastCause);
  await client.close();
  expect(handle.lastCause).toMatchObject({ status: 503 });
});

test("when the client gives up, the last cause is what it gave up on", async () => {
  const handle = status();
  const { clock, server, connected } = rig([handle, noRetry]);
  await connected();
  server.drop();
  await clock.settle();
  expect(handle.current).toMatchObject({ status: "closed", cause: { code: "RETRIES_EXHAUSTED" } });
  expect(handle.lastCause?.code).toBe("CONNECTION_LOST");
});

test("keeps the transitions with their time by the client's clock", async () => {
  const handle = status();
  const { clock, server, connected } = rig([handle]);
  await clock.advance(1_000);
  await connected();
  await clock.advance(9_000);
  server.drop();
  await clock.advance(500);
  expect(handle.history.map(({ at, from, to }) => [at, from.status, to.status])).toEqual([
    [1_000, "idle", "connecting"],
    [1_000, "connecting", "connected"],
    [10_000, "connected", "waiting"],
    [10_500, "waiting", "connecting"],
    [10_500, "connecting", "connected"],
  ]);
});

test.each([
  [undefined, 50],
  [3, 3],
  [0, 0],
])("with history %o it keeps the last %i transitions", async (history, expected) => {
  const handle = status({ history });
  const { clock, server, connected } = rig([handle]);
  await connected();
  for (let i = 0; i < 20; i++) {
    server.drop();
    await clock.advance(60_000);
  }
  expect(handle.history).toHaveLength(expected);
  expect(handle.history.at(-1)?.to).toBe(expected > 0 ? handle.current : undefined);
});

test("counts messages and bytes in both directions, across connections and after the end", async () => {
  const handle = status();
  const { clock, client, server, connected } = rig([handle]);
  const peer = await connected();
  peer.send("häé");
  client.send("12345");
  server.drop();
  await clock.advance(500);
  server.peer.send(Uint8Array.of(1, 2));
  client.send(Uint8Array.of(1));
  const figures = { messagesReceived: 2, bytesReceived: 7, messagesSent: 2, bytesSent: 6 };
  expect(handle).toMatchObject(figures);
  await client.close();
  expect(handle).toMatchObject(figures);
});

test("a message changes neither the snapshot nor calls subscribers", async () => {
  const handle = status();
  const { client, connected } = rig([handle]);
  const peer = await connected();
  let calls = 0;
  handle.subscribe(() => calls++);
  const before = handle.getSnapshot();
  peer.send("news");
  client.send("order");
  expect(handle.getSnapshot()).toBe(before);
  expect(calls).toBe(0);
});

test("the snapshot is frozen, the same until something changes, and another afterwards", async () => {
  const handle = status();
  const { clock, connected, server } = rig([handle]);
  const first = handle.getSnapshot();
  expect(handle.getSnapshot()).toBe(first);
  await connected();
  const second = handle.getSnapshot();
  expect(second).not.toBe(first);
  expect(Object.isFrozen(first) && Object.isFrozen(second)).toBe(true);
  await clock.advance(60_000);
  expect(handle.getSnapshot()).toBe(second);
  server.drop();
  await clock.settle();
  expect(handle.getSnapshot()).not.toBe(second);
  expect(second.isConnected).toBe(true);
});

test("subscribers are called once for each change, and find it in the snapshot", async () => {
  const { subscribe, getSnapshot } = forExternalStore();
  const { client, connected } = rig([store]);
  const snapshots: unknown[] = [];
  subscribe(() => snapshots.push(getSnapshot()));
  await connected();
  await client.close();
  expect(new Set(snapshots).size).toBe(snapshots.length);
  expect(snapshots).toHaveLength(4);
});

test("a subscriber that left is not called; leaving twice is harmless", async () => {
  const handle = status();
  const { connected } = rig([handle]);
  const calls: string[] = [];
  const same = (): void => void calls.push("same");
  const leave = handle.subscribe(same);
  handle.subscribe(same);
  handle.subscribe(() => calls.push("other"));
  leave();
  leave();
  await connected();
  expect(calls).toEqual(["same", "other", "same", "other"]);
});

test("a subscriber that joins or leaves during a call changes the next one only", async () => {
  const handle = status();
  const { connected } = rig([handle]);
  const calls: string[] = [];
  handle.subscribe(() => {
    calls.push("first");
    leave();
    if (calls.length === 1) handle.subscribe(() => calls.push("joined"));
  });
  const leave = handle.subscribe(() => calls.push("leaves"));
  await connected();
  expect(calls).toEqual(["first", "leaves", "first", "joined"]);
});

test("a subscriber that throws is reported, and the others are called all the same", async () => {
  const handle = status();
  const { client, errors, connected } = rig([handle]);
  let calls = 0;
  handle.subscribe(() => {
    throw new Error("no component");
  });
  handle.subscribe(() => calls++);
  await connected();
  expect(client.isConnected).toBe(true);
  expect(calls).toBe(2);
  expect(errors).toHaveLength(2);
  expect(errors[0]).toBeInstanceOf(PluginError);
  expect(errors[0]).toMatchObject({ plugin: "status", cause: { message: "no component" } });
});

test("added later it knows the present connection", async () => {
  const { clock, client, server, connected } = rig([]);
  await connected();
  server.drop();
  await clock.advance(500);
  await clock.advance(3_000);
  const handle = status();
  let calls = 0;
  handle.subscribe(() => calls++);
  const remove = client.use(handle);
  expect(calls).toBe(1);
  expect(handle).toMatchObject({
    isConnected: true,
    uptime: 3_000,
    timeConnected: 3_000,
    connectionCount: 2,
    reconnectCount: 1,
    history: [],
  });
  remove();
  server.drop();
  await clock.settle();
  expect(calls).toBe(1);
});

test("a client that dials again after giving up goes on counting", async () => {
  const handle = status();
  const { clock, server, client, connected } = rig([handle, noRetry]);
  await connected();
  await clock.advance(1_000);
  server.drop();
  await clock.settle();
  expect(handle.current.status).toBe("closed");
  const closed = handle.getSnapshot();
  let calls = 0;
  handle.subscribe(() => calls++);
  await connected();
  expect(calls).toBe(2);
  await clock.advance(1_000);
  expect(handle).toMatchObject({ connectionCount: 2, timeConnected: 2_000 });
  expect(handle.history.map(({ to }) => to.status)).toEqual([
    "connecting",
    "connected",
    "closed",
    "connecting",
    "connected",
  ]);
  expect(closed.connectionCount).toBe(1);
  await client.close();
});

test("another client starts from nothing", async () => {
  const handle = status();
  const first = rig([handle]);
  expect(() => rig([handle])).toThrow(ConfigurationError);
  await first.connected();
  await first.clock.advance(1_000);
  first.server.drop();
  await first.clock.advance(100);
  await first.client.close();
  const second = rig([handle]);
  await second.connected();
  expect(handle).toMatchObject({
    connectionCount: 1,
    timeConnected: 0,
    timeInOutage: 0,
    lastCause: null,
  });
  expect(handle.history).toHaveLength(2);
});

test("needs no timer", async () => {
  const handle = status();
  const one = rig([handle]);
  const other = rig([]);
  await one.connected();
  await other.connected();
  expect(one.clock.pending).toBe(other.clock.pending);
});

test("lists every option that cannot work, in one error", () => {
  const make = status as (options?: unknown) => unknown;
  const faults = (options: unknown): readonly string[] => faultsOf(() => make(options));
  expect(faults({ name: "", history: 1.5 })).toEqual([
    "status.history: an integer, 0 or more, is needed, not 1.5",
    "status.name: a text that is not empty is needed, not ''",
  ]);
  expect(faults({ history: "50" })).toEqual([
    "status.history: an integer, 0 or more, is needed, not '50'",
  ]);
  for (const history of [-1, Number.NaN, Infinity]) {
    expect(faults({ history })).toEqual([
      `status.history: an integer, 0 or more, is needed, not ${history}`,
    ]);
  }
  expect(() => make({ history: -1 })).toThrow(ConfigurationError);
  expect(faults({ history: 0, name: "figures" })).toEqual([]);
});

/** A strategy that gives up at once. */
const noRetry = { name: "no-retry", nextDelay: () => null };

const store = status();

/** Both functions on their own, as React takes them. */
function forExternalStore(): Pick<typeof store, "subscribe" | "getSnapshot"> {
  const { subscribe, getSnapshot } = store;
  return { subscribe, getSnapshot };
}

test.each([
  [{ histroy: 5 }, "status.histroy: there is no such option"],
  [null, "status: an object is needed, not null"],
  [5, "status: an object is needed, not 5"],
])("refuses options that there are not: %j", (options, fault) => {
  expect(() => status(options as never)).toThrow(fault);
});
