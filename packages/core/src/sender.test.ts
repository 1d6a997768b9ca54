import { describe, expect, test } from "vitest";
import {
  ConfigurationError,
  MessageDroppedError,
  NotConnectedError,
  QueueFullError,
  SendTimeoutError,
} from "./index.ts";
import type { Extension, Handshake, WebSocketClient } from "./index.ts";
import { every, insider, rig, slowHook, watch } from "./test-kit.ts";

describe("send()", () => {
  test("hands the message to the transport at once when nothing is in its way", async () => {
    const { client, connected } = rig();
    const peer = await connected();
    expect(client.send("a")).toBe("sent");
    expect(peer.received).toEqual(["a"]);
    expect(client.send(Uint8Array.of(1).buffer)).toBe("sent");
    expect(peer.received).toEqual(["a", Uint8Array.of(1)]);
  });

  test("refuses what is no message, connected or not", async () => {
    const { client } = rig();
    expect(() => client.send(1 as never)).toThrow(TypeError);
  });

  test("refuses an impossible age at once", async () => {
    const { client } = rig();
    expect(() => client.send("a", { maxAge: -1 })).toThrow(ConfigurationError);
    await expect(client.sendAsync("a", { maxAge: Number.NaN })).rejects.toThrow(ConfigurationError);
  });

  test("queues while there is no connection, in idle too, and sends in order on connecting", async () => {
    const { client, clock, server } = rig();
    expect(client.send("a")).toBe("queued");
    expect(server.dials).toEqual([]);
    const connecting = client.connect();
    expect(client.send("b")).toBe("queued");
    await clock.settle();
    await connecting;
    expect(client.send("c")).toBe("sent");
    expect(server.peer.received).toEqual(["a", "b", "c"]);
  });

  test("goes behind the queue while the transport has room again, but has yet to say so", async () => {
    const handed: unknown[] = [];
    let buffered = 0;
    const { client, connected } = rig({
      highWaterMark: 1,
      onConnection: (connection) => {
        Object.defineProperty(connection, "bufferedAmount", { get: () => buffered });
        connection.send = (message) => void handed.push(message);
      },
    });
    const peer = await connected();
    buffered = 1;
    expect(client.send("first")).toBe("queued");
    buffered = 0;
    expect(client.send("second")).toBe("queued");
    expect(handed).toEqual([]);
    peer.listener.onDrain();
    expect(handed).toEqual(["first", "second"]);
  });

  test("from a listener of `connected` goes behind what was queued before", async () => {
    const { client, connected } = rig();
    client.send("a");
    client.send("b");
    client.on("connected", () => void client.send("c"));
    const peer = await connected();
    expect(peer.received).toEqual(["a", "b", "c"]);
  });

  test("from a listener of `connected` goes behind the rest of the queue, too", async () => {
    const { client, clock, server } = rig({ highWaterMark: 1 });
    client.send("a");
    client.send("b");
    const early: unknown[] = [];
    client.on("connected", () => early.push(client.send("c"), server.peer.received.length));
    server.script((dial) => dial.accept().slow());
    void client.connect();
    await clock.settle();
    expect(early).toEqual(["queued", 0]);
    server.peer.flow();
    expect(server.peer.received).toEqual(["a", "b", "c"]);
  });

  test("may be passed on, and survives every reconnect", async () => {
    const { client, clock, connected, server } = rig({ plugins: [every(10)] });
    const { send } = client;
    await connected();
    server.drop();
    await clock.advance(10);
    expect(send("a")).toBe("sent");
    expect(server.peers[1]!.received).toEqual(["a"]);
  });

  test("refuses a message above maxBytes, connected or not", async () => {
    const { client, connected } = rig({ sendQueue: { maxBytes: 3 } });
    expect(() => client.send("four")).toThrow(QueueFullError);
    await expect(client.sendAsync("four")).rejects.toThrow(QueueFullError);
    const peer = await connected();
    expect(() => client.send("four")).toThrow(QueueFullError);
    await expect(client.sendAsync("four")).rejects.toThrow(QueueFullError);
    expect(peer.received).toEqual([]);
  });

  test("throws QueueFullError when the queue is full", async () => {
    const { client, told } = rig({ sendQueue: { capacity: 1 } });
    client.send("a");
    expect(() => client.send("b")).toThrow(QueueFullError);
    expect(told("dropped")).toEqual([]);
  });

  test("under 'drop-oldest' and 'drop-newest' raises `dropped` with the messages as given", async () => {
    const oldest = rig({ sendQueue: { capacity: 1, overflow: "drop-oldest" } });
    oldest.client.send("a");
    expect(oldest.client.send("b")).toBe("queued");
    expect(oldest.told("dropped")).toEqual([{ messages: ["a"], reason: "overflow" }]);
    const newest = rig({ sendQueue: { capacity: 1, overflow: "drop-newest" } });
    newest.client.send("a");
    expect(newest.client.send("b")).toBe("dropped");
    expect(newest.told("dropped")).toEqual([{ messages: ["b"], reason: "overflow" }]);
  });
});

describe("With whileDisconnected 'reject'", () => {
  const sendQueue = { whileDisconnected: "reject" } as const;

  test("sending needs a connection", async () => {
    const { client, clock, server, connected } = rig({ sendQueue, plugins: [every(10)] });
    expect(() => client.send("idle")).toThrow(NotConnectedError);
    await expect(client.sendAsync("idle")).rejects.toThrow(NotConnectedError);
    const connecting = connected();
    expect(() => client.send("connecting")).toThrow(NotConnectedError);
    await connecting;
    expect(client.send("connected")).toBe("sent");
    server.drop();
    await clock.settle();
    expect(() => client.send("waiting")).toThrow(NotConnectedError);
    expect(client.snapshot().queued).toBe(0);
  });

  test("a loss drops what is queued, once, and rejects its promises", async () => {
    const { client, clock, connected, told } = rig({ sendQueue, highWaterMark: 1 });
    const peer = await connected();
    peer.slow();
    client.send("buffered");
    expect(client.send("queued")).toBe("queued");
    const outcome = watch(client.sendAsync("async"));
    peer.drop();
    await clock.settle();
    expect(told("dropped")).toEqual([{ messages: ["queued", "async"], reason: "disconnected" }]);
    expect(outcome.error).toEqual(new MessageDroppedError("disconnected"));
    expect(client.snapshot().queued).toBe(0);
  });

  test("a message that a hook has at the loss is dropped too", async () => {
    const hook = slowHook();
    const { client, clock, connected, told } = rig({ sendQueue, plugins: [hook] });
    const peer = await connected();
    expect(client.send("a")).toBe("queued");
    peer.drop();
    await clock.settle();
    expect(told("dropped")).toEqual([{ messages: ["a"], reason: "disconnected" }]);
  });

  test("so is one whose hook ends the connection itself", async () => {
    const plugin = insider();
    const hook: Extension = { name: "fuse", onSend: () => plugin.context.fail(new Error("blown")) };
    const { client, clock, connected, told } = rig({ sendQueue, plugins: [hook, plugin] });
    const peer = await connected();
    client.send("a");
    await clock.settle();
    expect(peer.received).toEqual([]);
    expect(told("dropped")).toEqual([{ messages: ["a"], reason: "disconnected" }]);
    expect(client.snapshot().queued).toBe(0);
  });
});

describe("The high-water mark", () => {
  test("keeps messages in the queue until the transport has drained", async () => {
    const { client, connected, told } = rig({ highWaterMark: 4 });
    const peer = await connected();
    peer.slow();
    expect(client.send("abc")).toBe("sent");
    expect(client.send("de")).toBe("sent");
    expect(client.send("f")).toBe("queued");
    expect(client.send("g")).toBe("queued");
    expect(client.bufferedAmount).toBe(7);
    peer.drain(3);
    expect(told("drain")).toEqual([{}]);
    expect(client.snapshot().queued).toBe(0);
    peer.flow();
    expect(peer.received).toEqual(["abc", "de", "f", "g"]);
  });

  test("lets no more through on connecting than it allows, then `connected` comes", async () => {
    const { client, clock, server, names } = rig({ highWaterMark: 2 });
    for (const message of ["a", "b", "c"]) client.send(message);
    server.script((dial) => dial.accept().slow());
    void client.connect();
    await clock.settle();
    expect(names).toContain("connected");
    expect(client.snapshot().queued).toBe(1);
    server.peer.flow();
    expect(server.peer.received).toEqual(["a", "b", "c"]);
  });

  test("does not hold up handshakes and exchanges", async () => {
    const plugin = insider();
    const { client, clock, connected } = rig({ highWaterMark: 1, plugins: [plugin] });
    const peer = await connected();
    peer.slow();
    client.send("a");
    client.send("b");
    void plugin.context.exchange(async (session) => session.send("urgent"));
    await clock.settle();
    peer.flow();
    expect(peer.received).toEqual(["a", "urgent", "b"]);
  });
});

describe("sendAsync()", () => {
  test("resolves when the transport took the message", async () => {
    const { client, clock, connected } = rig();
    const outcome = watch(client.sendAsync("a"));
    await clock.settle();
    expect(outcome.status).toBe("pending");
    const peer = await connected();
    await clock.settle();
    expect(outcome.status).toBe("resolved");
    await client.sendAsync("b");
    expect(peer.received).toEqual(["a", "b"]);
  });

  test.each(["reject", "drop-oldest", "drop-newest"] as const)(
    "waits for room under %s, first in first out, and `send` finds the queue full",
    async (overflow) => {
      const { client, clock, connected, told } = rig({ sendQueue: { capacity: 1, overflow } });
      client.send("a");
      const outcomes = [watch(client.sendAsync("b")), watch(client.sendAsync("c"))];
      await clock.settle();
      expect(outcomes.map((one) => one.status)).toEqual(["pending", "pending"]);
      expect(told("dropped")).toEqual([]);
      const peer = await connected();
      await clock.settle();
      expect(outcomes.map((one) => one.status)).toEqual(["resolved", "resolved"]);
      expect(peer.received).toEqual(["a", "b", "c"]);
    },
  );

  test("that waits makes the queue full for `send`", async () => {
    const { client } = rig({ sendQueue: { capacity: 9, maxBytes: 4 } });
    client.send("aa");
    void client.sendAsync("bbb").catch(() => {});
    expect(() => client.send("c")).toThrow(QueueFullError);
  });

  test("rejects after its timeout, and the message is never sent", async () => {
    const { client, clock, connected, told } = rig({ sendQueue: { capacity: 1 } });
    const queued = watch(client.sendAsync("queued", { timeout: 10 }));
    const waiting = watch(client.sendAsync("waiting", { timeout: 10 }));
    await clock.advance(9);
    expect(queued.status).toBe("pending");
    await clock.advance(1);
    const error = new SendTimeoutError("The message was not sent within 10 ms");
    expect(queued.error).toEqual(error);
    expect(waiting.error).toEqual(error);
    const peer = await connected();
    expect(peer.received).toEqual([]);
    expect(told("dropped")).toEqual([]);
  });

  test("rejects with the signal's reason, and the message is never sent", async () => {
    const { client, clock, connected } = rig();
    const { controller, outcome } = abortable(client, "a");
    controller.abort("enough");
    await clock.settle();
    expect(outcome.error).toBe("enough");
    await expect(client.sendAsync("b", { signal: AbortSignal.abort("before") })).rejects.toBe(
      "before",
    );
    const peer = await connected();
    expect(peer.received).toEqual([]);
  });

  test("with an impossible timeout rejects at once, and the message is never sent", async () => {
    const { client, connected } = rig();
    const timeout = Number.NaN;
    await expect(client.sendAsync("a", { timeout })).rejects.toThrow(ConfigurationError);
    const peer = await connected();
    await expect(client.sendAsync("b", { timeout })).rejects.toThrow(ConfigurationError);
    expect(peer.received).toEqual([]);
  });

  test("abandoned while a hook has the message never sends it", async () => {
    const hook = slowHook();
    const { client, clock, connected } = rig({ plugins: [hook] });
    const peer = await connected();
    const { controller, outcome } = abortable(client, "a");
    controller.abort("enough");
    await clock.settle();
    expect(outcome.error).toBe("enough");
    hook.answer();
    await clock.settle();
    expect(peer.received).toEqual([]);
    // The lane is free again.
    client.send("b");
    hook.answer();
    await clock.settle();
    expect(peer.received).toEqual(["b"]);
  });

  test("abandoned while a hook had it at the loss is not sent on the next connection", async () => {
    const hook = slowHook();
    const { client, clock, connected, server } = rig({ plugins: [hook, every(10)] });
    const peer = await connected();
    const { controller, outcome } = abortable(client, "a");
    await clock.settle();
    controller.abort("enough");
    peer.drop();
    await clock.advance(10);
    expect(outcome.error).toBe("enough");
    expect(server.peers).toHaveLength(2);
    expect(client.snapshot().queued).toBe(0);
    expect(hook.seen).toEqual(["a"]);
  });

  test("abandoned is the end of a wait for it to go", async () => {
    const { client, clock, told } = rig();
    const { controller } = abortable(client, "a");
    const flushed = watch(client.flush());
    await clock.settle();
    expect(flushed.status).toBe("pending");
    controller.abort();
    await clock.settle();
    expect(flushed.status).toBe("resolved");
    expect(told("drain")).toHaveLength(1);
  });

  test("an abort after the message was sent means nothing", async () => {
    const { client, clock, connected } = rig({ sendQueue: { capacity: 1 } });
    const { controller, outcome } = abortable(client, "a");
    const peer = await connected();
    controller.abort();
    await clock.settle();
    expect(outcome.status).toBe("resolved");
    expect(peer.received).toEqual(["a"]);
    void client.close();
    await clock.settle();
    expect(clock.pending).toBe(0);
  });

  test("rejects when its message is evicted, expires, or is left at close", async () => {
    const { client, clock, told } = rig({ sendQueue: { capacity: 1, overflow: "drop-oldest" } });
    const evicted = watch(client.sendAsync("a"));
    await clock.settle();
    client.send("b", { maxAge: 5 });
    const expired = watch(client.sendAsync("c", { maxAge: 3 }));
    await clock.advance(5);
    const left = watch(client.sendAsync("d"));
    await clock.settle();
    await client.close();
    await clock.settle();
    expect(evicted.error).toEqual(new MessageDroppedError("overflow"));
    expect(expired.error).toEqual(new MessageDroppedError("expired"));
    expect(left.error).toEqual(new MessageDroppedError("closed"));
    expect(told("dropped")).toEqual([
      { messages: ["a"], reason: "overflow" },
      { messages: ["c"], reason: "expired" },
      { messages: ["b"], reason: "expired" },
      { messages: ["d"], reason: "closed" },
    ]);
  });

  function abortable(client: WebSocketClient, message: string) {
    const controller = new AbortController();
    const { signal } = controller;
    return { controller, outcome: watch(client.sendAsync(message, { signal })) };
  }
});

describe("drain", () => {
  test("comes when the queue is empty again, and only then", async () => {
    const { client, connected, told } = rig();
    client.send("a");
    client.send("b");
    expect(told("drain")).toEqual([]);
    await connected();
    expect(told("drain")).toEqual([{}]);
    client.send("c");
    await client.sendAsync("d");
    expect(told("drain")).toHaveLength(1);
  });

  test("comes for one message that only had to wait for a hook, too", async () => {
    const hook = slowHook();
    const { client, clock, connected, told } = rig({ plugins: [hook] });
    await connected();
    expect(client.send("a")).toBe("queued");
    expect(told("drain")).toEqual([]);
    hook.answer();
    await clock.settle();
    expect(told("drain")).toHaveLength(1);
  });

  test("comes when the last message expires, not when the client is closed", async () => {
    const { client, clock, told } = rig();
    client.send("a", { maxAge: 5 });
    await clock.advance(5);
    expect(told("drain")).toHaveLength(1);
    client.send("b");
    await client.close();
    expect(told("drain")).toHaveLength(1);
  });
});

describe("A handshake's message", () => {
  test("goes at once: the handshake may wait for its answer", async () => {
    const hello: Handshake = {
      name: "hello",
      async handshake(session) {
        session.send("hello");
        await session.receive((message) => message === "welcome");
      },
    };
    const { client, clock, server } = rig({ plugins: [hello] });
    server.onMessage((message, peer) => message === "hello" && peer.send("welcome"));
    void client.connect();
    await clock.settle();
    expect(client.isConnected).toBe(true);
  });

  test("is never overtaken by what the application sends", async () => {
    const hello: Handshake = {
      name: "hello",
      async handshake(session) {
        await session.receive();
        session.send("hello");
      },
    };
    const { client, clock, server } = rig({ plugins: [hello] });
    void client.connect();
    await clock.settle();
    expect(client.state.status).toBe("handshaking");
    expect(client.send("a")).toBe("queued");
    void client.sendAsync("b");
    server.peer.send("go");
    await clock.settle();
    expect(server.peer.received).toEqual(["hello", "a", "b"]);
  });
});

describe("An exchange with `hold`", () => {
  test("keeps application messages back until it is over", async () => {
    const plugin = insider();
    const { client, clock, connected } = rig({ plugins: [plugin] });
    const peer = await connected();
    const exchange = plugin.context.exchange(
      async (session) => {
        session.send("question");
        await session.receive();
      },
      { hold: true },
    );
    await clock.settle();
    expect(client.send("a")).toBe("queued");
    peer.send("answer");
    await clock.settle();
    await exchange;
    expect(peer.received).toEqual(["question", "a"]);
  });

  test("holds nothing on the next connection", async () => {
    const plugin = insider();
    const { client, clock, connected, server } = rig({ plugins: [plugin, every(10)] });
    await connected();
    const exchange = watch(
      plugin.context.exchange(async (session) => void (await session.receive()), { hold: true }),
    );
    await clock.settle();
    server.drop();
    await clock.advance(10);
    expect(exchange.status).toBe("rejected");
    expect(client.send("a")).toBe("sent");
  });
});
