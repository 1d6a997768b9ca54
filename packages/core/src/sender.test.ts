import { describe, expect, test } from "vitest";
import {
  ConfigurationError,
  ConnectionLostError,
  DROP,
  MessageDroppedError,
  NotConnectedError,
  QueueFullError,
  SendTimeoutError,
} from "./index.ts";
import type {
  Connection,
  Extension,
  Handshake,
  Message,
  PluginContext,
  WebSocketClient,
} from "./index.ts";
import { rig, watch } from "./test-kit.ts";

const every = (delay: number) => ({ name: "every", nextDelay: () => delay });
const noRetry = { name: "no-retry", nextDelay: () => null };

/** An extension whose `onSend` waits until it is told what to answer. */
function slowHook(): Extension & { readonly seen: Message[]; answer: (value?: Message) => void } {
  const seen: Message[] = [];
  const hook = {
    name: "slow",
    seen,
    answer: (_value?: Message): void => {},
    onSend(message: Message) {
      seen.push(message);
      return new Promise<Message | void>((resolve) => (hook.answer = resolve));
    },
  };
  return hook;
}

/** A plugin that gives its context away. */
function insider(): Extension & { context: PluginContext } {
  const plugin = {
    name: "insider",
    context: undefined as unknown as PluginContext,
    setup: (context: PluginContext) => void (plugin.context = context),
  };
  return plugin;
}

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

describe("Across outages", () => {
  test("what was handed to the transport is never sent again, and its bytes are told", async () => {
    const { client, clock, connected, server, told } = rig({ plugins: [every(10)] });
    const peer = await connected();
    peer.slow();
    client.send("lost?");
    peer.drop();
    await clock.settle();
    expect(told("disconnected")[0]!.bufferedAmount).toBe(5);
    client.send("later");
    await clock.advance(10);
    expect(server.peers[1]!.received).toEqual(["later"]);
  });

  test("order holds, whatever was queued when", async () => {
    const { client, clock, connected, server } = rig({ plugins: [every(10)], highWaterMark: 1 });
    const peer = await connected();
    for (const message of ["a", "b"]) client.send(message);
    peer.slow();
    for (const message of ["c", "d", "e"]) client.send(message);
    peer.drop();
    await clock.settle();
    client.send("f");
    await clock.advance(10);
    client.send("g");
    expect([peer.received, server.peer.received]).toEqual([
      ["a", "b"],
      ["d", "e", "f", "g"],
    ]);
  });

  test("a message the transport did not take stays first, and the connection is lost", async () => {
    const refused = new Error("not taken");
    const { onConnection } = refusing(1, refused);
    const { client, clock, connected, server, told } = rig({ plugins: [every(10)], onConnection });
    await connected();
    expect(client.send("a")).toBe("queued");
    await clock.settle();
    expect(told("disconnected")[0]!.cause).toEqual(
      new ConnectionLostError({ code: 1006, reason: "", wasClean: false, error: refused }),
    );
    client.send("b");
    await clock.advance(10);
    expect(server.peers.map(({ received }) => received)).toEqual([[], ["a", "b"]]);
  });

  test.each([false, true])("so does one of sendAsync (with a hook: %s)", async (hooked) => {
    const hook: Extension = { name: "hook", ...(hooked ? { onSend: () => {} } : {}) };
    const { onConnection, refused } = refusing(1);
    const { client, clock, connected, server } = rig({ plugins: [every(10), hook], onConnection });
    await connected();
    const outcome = watch(client.sendAsync("a"));
    client.send("b");
    await clock.settle();
    expect(refused).toEqual(["a"]);
    expect(outcome.status).toBe("pending");
    await clock.advance(10);
    expect(outcome.status).toBe("resolved");
    expect(server.peers[1]!.received).toEqual(["a", "b"]);
  });

  test("so does one of send() that passed a hook, and one of the queue", async () => {
    const hook: Extension = { name: "hook", onSend: (message) => `<${String(message)}>` };
    const { onConnection, refused } = refusing(2);
    const { client, clock, connected, server } = rig({ plugins: [every(10), hook], onConnection });
    await connected();
    expect(client.send("a")).toBe("queued");
    client.send("b");
    await clock.advance(20);
    expect(refused).toEqual(["<a>", "<a>"]);
    expect(server.peers.map(({ received }) => received)).toEqual([[], [], ["<a>", "<b>"]]);
  });

  test("one that a handshake sent is for the next handshake to send", async () => {
    const hello: Handshake = { name: "hello", handshake: async (session) => session.send("hello") };
    const { onConnection, refused } = refusing(1);
    const { client, clock, server, told } = rig({ plugins: [every(10), hello], onConnection });
    client.send("a");
    void client.connect();
    await clock.advance(10);
    expect(refused).toEqual(["hello"]);
    expect(told("error")).toHaveLength(1);
    expect(server.peers.map(({ received }) => received)).toEqual([[], ["hello", "a"]]);
  });

  /** Makes the first connections refuse whatever they are to send. */
  function refusing(count: number, error: Error = new Error("not taken")) {
    const refused: Message[] = [];
    let left = count;
    const onConnection = (connection: Connection): void => {
      if (left-- > 0) {
        connection.send = (message) => {
          refused.push(message);
          throw error;
        };
      }
    };
    return { onConnection, refused };
  }
});

describe("onSend", () => {
  test("that answers with a promise makes later messages wait their turn", async () => {
    const hook = slowHook();
    const { client, clock, connected, told } = rig({ plugins: [hook] });
    const peer = await connected();
    expect(client.send("a")).toBe("queued");
    expect(client.send("b")).toBe("queued");
    expect(hook.seen).toEqual(["a"]);
    expect(client.snapshot().queued).toBe(2);
    expect(client.snapshot().queuedBytes).toBe(2);
    hook.answer("A");
    await clock.settle();
    expect(hook.seen).toEqual(["a", "b"]);
    expect(told("drain")).toEqual([]);
    hook.answer("B");
    await clock.settle();
    expect(peer.received).toEqual(["A", "B"]);
    expect(told("drain")).toEqual([{}]);
  });

  test("runs when the message leaves the queue, on the connection it goes to", async () => {
    const ids: number[] = [];
    const hook: Extension = {
      name: "ids",
      onSend: (_message, { connectionId }) => void ids.push(connectionId),
    };
    const { client, clock, connected, server } = rig({ plugins: [hook, every(10)] });
    client.send("a");
    expect(ids).toEqual([]);
    await connected();
    server.drop();
    await clock.settle();
    client.send("b");
    await clock.advance(10);
    expect(ids).toEqual([1, 2]);
  });

  test("may take the message: it counts as sent", async () => {
    const hook: Extension = { name: "taker", onSend: () => DROP };
    const { client, clock, connected, told } = rig({ plugins: [hook] });
    client.send("queued");
    const peer = await connected();
    expect(client.send("a")).toBe("sent");
    await client.sendAsync("b");
    await clock.settle();
    expect(peer.received).toEqual([]);
    expect(told("dropped")).toEqual([]);
    expect(client.snapshot().messagesSent).toBe(0);
  });

  test("that sends something itself lets it go behind the message it has", async () => {
    const hook: Extension = {
      name: "echo",
      onSend(message, { client }) {
        if (message === "a") client.send("behind");
      },
    };
    const { client, connected, told } = rig({ plugins: [hook] });
    const peer = await connected();
    expect(client.send("a")).toBe("sent");
    expect(peer.received).toEqual(["a", "behind"]);
    expect(told("drain")).toHaveLength(1);
    await client.sendAsync("a");
    expect(peer.received).toEqual(["a", "behind", "a", "behind"]);
  });

  test("that is pending at the loss gives its message back to the front of the queue", async () => {
    const hook = slowHook();
    const { client, clock, connected, server } = rig({ plugins: [hook, every(10)] });
    const peer = await connected();
    client.send("a");
    client.send("b");
    const late = hook.answer;
    peer.drop();
    await clock.advance(10);
    late("late");
    await clock.settle();
    expect(hook.seen).toEqual(["a", "a"]);
    hook.answer();
    await clock.settle();
    hook.answer();
    await clock.settle();
    expect(peer.received).toEqual([]);
    expect(server.peers[1]!.received).toEqual(["a", "b"]);
  });

  test.each([undefined, Promise.resolve()])(
    "that ends the connection leaves its message first in the queue, once (%s)",
    async (answer) => {
      const plugin = insider();
      let fuses = 1;
      const hook: Extension = {
        name: "fuse",
        onSend() {
          if (fuses-- > 0) {
            plugin.context.fail(new Error("blown"));
            return answer;
          }
        },
      };
      const { client, clock, connected, server } = rig({ plugins: [hook, plugin, every(10)] });
      await connected();
      expect(client.send("a")).toBe("queued");
      expect(client.send("b")).toBe("queued");
      await clock.advance(10);
      fuses = 1;
      server.drop();
      void client.sendAsync("c");
      await clock.advance(20);
      server.drop();
      await clock.advance(10);
      expect(server.peers.map(({ received }) => received)).toEqual([[], ["a", "b"], [], ["c"], []]);
    },
  );

  test("counts as what was given, not as what a hook makes of it", async () => {
    const hook: Extension = {
      name: "longer",
      onSend: (message) => `${String(message)}${"x".repeat(99)}`,
    };
    const { client, connected } = rig({ plugins: [hook], sendQueue: { maxBytes: 3 } });
    expect(client.send("abc")).toBe("queued");
    expect(client.snapshot().queuedBytes).toBe(3);
    const peer = await connected();
    expect(peer.received[0]).toHaveLength(102);
    expect(client.snapshot().bytesSent).toBe(102);
  });

  test("for what a handshake sends runs too, and a pending one dies with the connection", async () => {
    const hook = slowHook();
    const hello: Handshake = {
      name: "hello",
      async handshake(session) {
        session.send("hello");
        session.send(`attempt ${session.attempt}`);
      },
    };
    const { client, clock, server } = rig({ plugins: [hook, hello, every(10)] });
    client.send("a");
    void client.connect();
    await clock.settle();
    expect(hook.seen).toEqual(["hello"]);
    server.drop();
    await clock.advance(10);
    for (let n = 0; n < 3; n++) {
      hook.answer();
      await clock.settle();
    }
    expect(server.peers[1]!.received).toEqual(["hello", "attempt 1", "a"]);
  });
});

describe("While the connection closes", () => {
  test("sending waits for the next one and leaves the closing handshake alone", async () => {
    const { client, clock, connected, server } = rig();
    const peer = await connected();
    const leaving = watch(client.disconnect());
    expect(client.send("a")).toBe("queued");
    const outcome = watch(client.sendAsync("b"));
    await clock.settle();
    expect(leaving.status).toBe("resolved");
    expect(peer.closeFrame).toEqual({ code: 1000, reason: "" });
    await connected();
    await clock.settle();
    expect(outcome.status).toBe("resolved");
    expect(server.peer.received).toEqual(["a", "b"]);
  });

  test("under 'reject' it is refused", async () => {
    const { client, connected } = rig({ sendQueue: { whileDisconnected: "reject" } });
    await connected();
    void client.disconnect();
    expect(() => client.send("a")).toThrow(NotConnectedError);
  });

  test("a message that a hook has goes back to the queue", async () => {
    const hook = slowHook();
    const { client, clock, connected } = rig({ plugins: [hook] });
    const peer = await connected();
    peer.answersClose = false;
    client.send("a");
    void client.disconnect();
    hook.answer();
    await clock.settle();
    expect(client.state.status).toBe("closing");
    peer.answerClose();
    await clock.settle();
    expect(peer.received).toEqual([]);
    expect(client.snapshot().queued).toBe(1);
  });

  test("a hook that disconnects keeps its message for the next connection", async () => {
    const hook: Extension = {
      name: "leaver",
      onSend: (_message, context) => void context.client.disconnect(),
    };
    const { client, clock, connected } = rig({ plugins: [hook] });
    const peer = await connected();
    expect(client.send("a")).toBe("queued");
    await clock.settle();
    expect(client.state.status).toBe("idle");
    expect(peer.closeFrame).not.toBeNull();
    expect(client.snapshot().queued).toBe(1);
  });
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

describe("flush()", () => {
  test("resolves at once when there is nothing to wait for", async () => {
    const { client, clock, connected } = rig();
    await client.flush();
    await connected();
    client.send("a");
    const outcome = watch(client.flush());
    await clock.settle();
    expect(outcome.status).toBe("resolved");
  });

  test("waits until what was accepted before is on the network", async () => {
    const { client, clock, connected } = rig({ highWaterMark: 2 });
    const peer = await connected();
    peer.slow();
    client.send("a");
    client.send("b");
    client.send("queued");
    const outcome = watch(client.flush());
    peer.drain(1);
    await clock.settle();
    expect(client.snapshot().queued).toBe(0);
    expect(outcome.status).toBe("pending");
    peer.drain();
    await clock.settle();
    expect(outcome.status).toBe("resolved");
  });

  test("does not wait for what is accepted later", async () => {
    const { client, clock, connected } = rig({ highWaterMark: 1 });
    const peer = await connected();
    peer.slow();
    client.send("a");
    client.send("b");
    const outcome = watch(client.flush());
    client.send("c");
    peer.drain(1);
    peer.drain(1);
    await clock.settle();
    expect(outcome.status).toBe("pending");
    expect(client.bufferedAmount).toBe(1);
    peer.drain(1);
    await clock.settle();
    expect(outcome.status).toBe("resolved");
  });

  test("waits for the next connection when the message is still in the queue", async () => {
    const { client, clock, connected } = rig();
    client.send("a");
    const outcome = watch(client.flush());
    await clock.settle();
    expect(outcome.status).toBe("pending");
    await connected();
    await clock.settle();
    expect(outcome.status).toBe("resolved");
  });

  test("rejects if the connection ends with bytes buffered, queued messages or not", async () => {
    const { client, clock, connected } = rig({ highWaterMark: 1 });
    const peer = await connected();
    peer.slow();
    client.send("a");
    const buffered = watch(client.flush());
    client.send("b");
    const queued = watch(client.flush());
    peer.drop();
    await clock.settle();
    expect(buffered.error).toBeInstanceOf(ConnectionLostError);
    expect(queued.error).toBeInstanceOf(ConnectionLostError);
    expect(client.snapshot().queued).toBe(1);
  });

  test("waits on if the connection ends with nothing buffered but the queue", async () => {
    const hook = slowHook();
    const { client, clock, connected } = rig({ plugins: [hook, every(10)] });
    const peer = await connected();
    client.send("a");
    const outcome = watch(client.flush());
    peer.drop();
    await clock.advance(10);
    expect(outcome.status).toBe("pending");
    hook.answer();
    await clock.settle();
    expect(outcome.status).toBe("resolved");
  });

  test("does not mind a handshake's bytes that are lost", async () => {
    const hello: Handshake = {
      name: "hello",
      handshake: async (session) => {
        session.send("hello");
        await session.receive();
      },
    };
    const { client, clock, server } = rig({ plugins: [hello, every(10)] });
    client.send("a");
    const outcome = watch(client.flush());
    server.script((dial) => dial.accept().slow());
    void client.connect();
    await clock.settle();
    server.drop();
    await clock.settle();
    expect(outcome.status).toBe("pending");
  });

  test("rejects after its timeout and on an abort", async () => {
    const { client, clock } = rig();
    client.send("a");
    const late = watch(client.flush({ timeout: 10 }));
    const controller = new AbortController();
    const aborted = watch(client.flush({ signal: controller.signal }));
    controller.abort("enough");
    await clock.advance(10);
    expect(late.error).toEqual(new SendTimeoutError("Not on the network within 10 ms"));
    expect(aborted.error).toBe("enough");
    await expect(client.flush({ signal: AbortSignal.abort("before") })).rejects.toBe("before");
    expect(clock.pending).toBe(0);
  });

  test("rejects when the client is closed with the message unsent", async () => {
    const { client, clock } = rig();
    client.send("a");
    const outcome = watch(client.flush());
    await clock.settle();
    await client.close();
    await clock.settle();
    expect((outcome.error as Error).name).toBe("ClientClosedError");
  });
});

describe("Closing", () => {
  test("raises `dropped` for what is left, messages with a hook and waiting ones too", async () => {
    const hook = slowHook();
    const { client, clock, connected, told } = rig({
      plugins: [hook],
      sendQueue: { capacity: 1 },
      closeTimeout: 50,
    });
    await connected();
    client.send("hook's");
    client.send("queued");
    const waiting = watch(client.sendAsync("waiting"));
    await clock.settle();
    const closing = watch(client.close());
    await clock.advance(50);
    expect(told("dropped")).toEqual([
      { messages: ["hook's", "queued", "waiting"], reason: "closed" },
    ]);
    expect(waiting.error).toEqual(new MessageDroppedError("closed"));
    expect(closing.value).toEqual({ wasClean: false, undelivered: 3 });
  });

  test("begins no closing handshake once its time is up", async () => {
    const asked: string[] = [];
    const { client, clock, connected } = rig({
      highWaterMark: 1,
      onConnection: (connection) => (connection.close = () => void asked.push("close")),
    });
    const peer = await connected();
    peer.slow();
    client.send("a");
    client.send("b");
    const closing = watch(client.close({ timeout: 10 }));
    await clock.advance(10);
    expect(closing.value).toEqual({ wasClean: false, undelivered: 1 });
    expect(asked).toEqual([]);
  });

  test("begins the closing handshake once", async () => {
    let closes = 0;
    const { client, clock, connected } = rig({
      highWaterMark: 1,
      onConnection(connection) {
        const close = connection.close.bind(connection);
        connection.close = (code, reason) => {
          closes++;
          close(code, reason);
        };
      },
    });
    const peer = await connected();
    peer.slow();
    client.send("a");
    void client.close();
    expect(closes).toBe(1);
    peer.flow();
    await clock.settle();
    expect(client.state.status).toBe("closed");
    expect(closes).toBe(1);
  });

  test("waits for a hook that has the last message", async () => {
    const hook = slowHook();
    const { client, clock, connected } = rig({ plugins: [hook] });
    const peer = await connected();
    client.send("a");
    const closing = watch(client.close());
    await clock.settle();
    expect(peer.closeFrame).toBeNull();
    hook.answer();
    await clock.settle();
    expect(peer.received).toEqual(["a"]);
    expect(closing.value).toEqual({ wasClean: true, undelivered: 0 });
  });

  test("from inside a hook lets its message go first", async () => {
    const hook: Extension = {
      name: "closer",
      onSend: (_message, { client }) => void client.close(),
    };
    const { client, clock, connected } = rig({ plugins: [hook] });
    const peer = await connected();
    expect(client.send("a")).toBe("sent");
    await clock.settle();
    expect(peer.received).toEqual(["a"]);
    expect(client.state.status).toBe("closed");
  });

  test("by giving up drops what is left", async () => {
    const { client, connected, told } = rig({ plugins: [noRetry], highWaterMark: 1 });
    const peer = await connected();
    peer.slow();
    client.send("a");
    client.send("b");
    peer.drop();
    expect(told("dropped")).toEqual([{ messages: ["b"], reason: "closed" }]);
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
