import {
  ConnectTimeoutError,
  MessageDroppedError,
  QueueFullError,
  sendMessage,
} from "@stream-tungstenite/core";
import type { DropReason } from "@stream-tungstenite/core";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { auth, TokenError } from "@stream-tungstenite/handshake-auth";
import { exponentialBackoff, fixedDelay } from "@stream-tungstenite/retry";
import { rig } from "rig";
import { describe, expect, test } from "vitest";

// Defects that other reconnecting clients had, or have, each with the place where it was told. What is tested is that
// this client does not have them.

const every = (delay: number) => fixedDelay(delay);

describe("a URL or token function that rejects", () => {
  // https://github.com/pladaria/reconnecting-websocket/pull/166: the client never dials again.
  test("is a failed attempt: told, and asked again", async () => {
    let asked = 0;
    const { client, clock, errors, server } = rig([every(100)], {
      url: () =>
        asked++ < 2 ? Promise.reject(new Error("no token service")) : "ws://server.test/",
    });
    const connected = client.connect();
    await clock.advance(200);
    await connected;
    expect(asked).toBe(3);
    expect(server.dials).toHaveLength(1);
    expect(errors.map(({ cause }) => String(cause))).toEqual([
      "Error: no token service",
      "Error: no token service",
    ]);
    await client.close();
    expect(clock.pending).toBe(0);
  });

  test("is a failed handshake when it is the token's: told, and asked again", async () => {
    let asked = 0;
    const token = (): string => {
      if (asked++ === 0) throw new Error("no token yet");
      return "t";
    };
    const { client, clock, errors, server } = rig([every(100), auth(token)]);
    const connected = client.connect();
    await clock.advance(100);
    await connected;
    expect(server.peers.map(({ received }) => received)).toEqual([[], ["t"]]);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(TokenError);
    await client.close();
  });
});

describe("a server that accepts and drops", () => {
  // https://github.com/pladaria/reconnecting-websocket/issues/83, https://github.com/starknet-io/starknet.js/pull/1650:
  // each open starts the backoff again, so a flapping server is dialled at the first delay for ever.
  test("is retried with growing delays, until a connection has lasted", async () => {
    const { client, clock, delays, server } = rig(
      [exponentialBackoff({ initial: 100, max: 10_000, jitter: "none" })],
      { stableAfter: 5_000 },
    );
    const undo = server.onDial((dial) => dial.accept());
    client.on("connected", () => clock.schedule(10, () => server.drop()));
    void client.connect();
    await clock.advance(2_000);
    expect(delays).toEqual([100, 200, 400, 800, 1_600]);
    undo();
  });

  test("runs into the limit of attempts", async () => {
    const { client, clock, server } = rig([exponentialBackoff({ maxAttempts: 3 })]);
    server.onDial((dial) => queueMicrotask(() => dial.accept().drop()));
    const end = client.run().catch((error: unknown) => error);
    await clock.advance(60_000);
    expect(await end).toMatchObject({ attempts: 3, code: "RETRIES_EXHAUSTED" });
    expect(server.dials).toHaveLength(4);
    expect(clock.pending).toBe(0);
  });
});

test("nothing that was queued overtakes authentication, on no connection", async () => {
  // A queue that is flushed in `open`, before the listener that authenticates: the server closes on the first message.
  const { client, clock, server } = rig([
    every(10),
    auth("token", { reply: { accept: (message) => message === "welcome" } }),
  ]);
  server.onMessage((message, peer) => {
    if (message === "token") peer.send("welcome");
    else if (peer.received[0] !== "token") peer.close(4401, "authenticate first");
  });
  client.send("early");
  void client.connect();
  await clock.settle();
  server.drop();
  await clock.settle();
  client.send("during the outage");
  await clock.advance(10);
  expect(server.peers.map(({ received }) => received)).toEqual([
    ["token", "early"],
    ["token", "during the outage"],
  ]);
  await client.close();
});

test("an upgrade that is never answered ends at the deadline, and is retried", async () => {
  // https://github.com/collective-soundworks/soundworks/issues/97: neither `open` nor `error` ever comes.
  const { client, clock, errors, server } = rig([every(100)], { connectTimeout: 1_000 });
  server.script(() => {});
  const connected = client.connect();
  await clock.advance(1_100);
  await connected;
  expect(errors).toHaveLength(1);
  expect(errors[0]).toBeInstanceOf(ConnectTimeoutError);
  expect([server.dials.length, server.live, server.maxLive]).toEqual([2, 1, 1]);
  await client.close();
});

test("delays grow from the first failure on, whatever fails", async () => {
  // https://github.com/openshift/dynamic-plugin-sdk/pull/330: a backoff that begins at 0 opens sockets in a tight loop.
  const { client, clock, delays, server } = rig([exponentialBackoff(), sendMessage("hello")]);
  server.script(
    (dial) => dial.fail("dns"),
    (dial) => dial.refuse(503),
    (dial) => dial.accept().drop(),
    (dial) => dial.accept().close(1012),
  );
  const connected = client.connect();
  await clock.advance(60_000);
  await connected;
  expect(server.dials).toHaveLength(5);
  expect(delays).toEqual([500, 1_000, 2_000, 4_000]);
  await client.close();
});

describe("what belongs to an earlier connection", () => {
  // https://github.com/pladaria/reconnecting-websocket/pull/50: the first dial's timer closes the second's socket.
  test("an open that comes after the timeout opens nothing", async () => {
    const { client, clock, server, states } = rig([every(100)], { connectTimeout: 1_000 });
    server.script(() => {});
    void client.connect();
    await clock.advance(1_050);
    expect(client.state.status).toBe("waiting");
    server.dials[0]!.accept();
    await clock.settle();
    expect(client.state.status).toBe("waiting");
    await clock.advance(50);
    expect(server.maxLive).toBe(1);
    expect(states.filter((status) => status === "connected")).toHaveLength(1);
    // And the first dial's deadline does nothing to the second's connection.
    await clock.advance(10_000);
    expect(client.state).toMatchObject({ status: "connected", id: 1 });
    await client.close();
  });

  test("a heartbeat's deadline does not end the next connection", async () => {
    const { client, clock, server } = rig([
      every(10),
      heartbeat({ interval: 1_000, timeout: 500 }),
    ]);
    void client.connect();
    await clock.settle();
    const first = server.peer;
    first.answersPings = false;
    while (first.pings.length === 0) await clock.advance(100);
    // The ping is out; the connection is lost before its deadline, and the next one stands when it passes.
    first.drop();
    await clock.advance(10);
    await clock.advance(10_000);
    expect(server.peers).toHaveLength(2);
    expect(client.state).toMatchObject({ status: "connected", id: 2 });
    await client.close();
    expect(clock.pending).toBe(0);
  });
});

test("the promise of connect is the effort's, not the first attempt's", async () => {
  const { client, clock, server } = rig([every(100)]);
  server.script(
    (dial) => dial.fail("tcp"),
    (dial) => dial.fail("tls"),
  );
  let isConnected = false;
  const connected = client.connect().then(() => (isConnected = true));
  await clock.advance(100);
  expect(isConnected).toBe(false);
  await clock.advance(100);
  await connected;
  await client.close();
});

test("a 1000 of the server is a loss, as in a rolling restart", async () => {
  // https://github.com/enisdenjo/graphql-ws/issues/446: 1000 counts as done, and nobody dials again.
  const { client, clock, server } = rig([every(100), sendMessage("hello")]);
  void client.connect();
  await clock.settle();
  for (let restart = 1; restart <= 3; restart++) {
    server.peer.close(1000, "going down");
    await clock.advance(100);
    expect(client.state).toMatchObject({ status: "connected", id: restart + 1 });
  }
  await client.close();
});

describe("what is sent during an outage", () => {
  // https://github.com/socketio/socket.io-client/issues/845: the buffer grows until the process dies.
  test("is bounded by messages and by bytes, and what does not fit is refused at once", async () => {
    const { client } = rig([], { sendQueue: { capacity: 100, maxBytes: 1_000 } });
    for (let i = 0; i < 100; i++) client.send("12345");
    expect(() => client.send("one more")).toThrow(QueueFullError);
    expect(client.snapshot()).toMatchObject({ queued: 100, queuedBytes: 500 });
    expect(() => client.send("x".repeat(1_001))).toThrow(QueueFullError);
    await client.close();
  });

  // https://github.com/socketio/socket.io-client/issues/283: all of it bursts out when the server is back.
  test("expires at its age, and is told, so no stale burst follows a long outage", async () => {
    const dropped: { count: number; reason: DropReason }[] = [];
    const { client, clock, server } = rig([every(60_000)], { sendQueue: { maxAge: 5_000 } });
    client.on("dropped", ({ messages, reason }) =>
      dropped.push({ count: messages.length, reason }),
    );
    void client.connect();
    await clock.settle();
    server.drop();
    await clock.settle();
    for (let i = 0; i < 10; i++) client.send(`old ${i}`);
    await clock.advance(58_000);
    client.send("fresh");
    await clock.advance(2_000);
    expect(server.peer.received).toEqual(["fresh"]);
    expect(dropped.reduce((sum, { count }) => sum + count, 0)).toBe(10);
    expect(new Set(dropped.map(({ reason }) => reason))).toEqual(new Set(["expired"]));
    await client.close();
  });
});

test("pending requests settle when the client ends, each with its reason", async () => {
  // https://github.com/enisdenjo/graphql-ws/issues/173: what was asked for while closing is never answered.
  const { client, clock, server } = rig([every(60_000)], { sendQueue: { capacity: 1 } });
  void client.connect();
  await clock.settle();
  server.peer.answersPings = false;
  const ping = client.ping();
  server.peer.slow();
  client.send("buffered");
  const flush = client.flush();
  const reader = client.messages().next();
  server.drop();
  await clock.settle();
  client.send("queued");
  const send = client.sendAsync("waiting for room");
  const ready = client.ready();
  const once = client.once("connected");
  const outcomes = Promise.allSettled([ping, flush, send, ready, once, reader]);
  await client.close();
  await clock.settle();
  const reasons = (await outcomes).map((outcome) =>
    outcome.status === "rejected" ? (outcome.reason as Error).constructor.name : outcome.value,
  );
  expect(reasons).toEqual([
    "ConnectionLostError",
    "ConnectionLostError",
    MessageDroppedError.name,
    "ClientClosedError",
    "ClientClosedError",
    { done: true, value: undefined },
  ]);
  expect(clock.pending).toBe(0);
});
