import { describe, expect, test } from "vitest";
import { ConfigurationError, ReaderOverflowError } from "./index.ts";
import type { Extension, Handshake, Message, MessagesOptions, WebSocketClient } from "./index.ts";
import { every, insider, noRetry, rig, watch } from "./test-kit.ts";
import type { MemoryPeer } from "./testing/index.ts";

type Messages = AsyncIterableIterator<Message>;

/** A reader that somebody has begun to read, and that is empty again. */
async function begun(client: WebSocketClient, peer: MemoryPeer, options: MessagesOptions = {}) {
  const reader = client.messages(options);
  const first = reader.next();
  peer.send("first");
  await first;
  return reader;
}

const send = (peer: MemoryPeer, count: number): void => {
  for (let n = 1; n <= count; n++) peer.send(`${n}`);
};

async function read(reader: Messages, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  while (messages.length < count) {
    const { value } = (await reader.next()) as { value: Message };
    messages.push(value);
  }
  return messages;
}

describe("on('message')", () => {
  test("is told at once, before any reader", async () => {
    const { client, connected } = rig();
    const peer = await connected();
    const got: Message[] = [];
    const reader = client.messages();
    client.on("message", (message) => got.push(message));
    peer.send("a");
    expect(got).toEqual(["a"]);
    expect(await read(reader, 1)).toEqual(["a"]);
  });
});

describe("messages()", () => {
  test("gives independent readers: each gets everything from then on", async () => {
    const { client, connected } = rig();
    const peer = await connected();
    const early = client.messages();
    peer.send("a");
    const late = client.messages();
    peer.send("b");
    expect(await read(early, 2)).toEqual(["a", "b"]);
    expect(await read(late, 1)).toEqual(["b"]);
  });

  test("refuses impossible options at once, and lists all faults", () => {
    const { client } = rig();
    const options = { highWaterMark: 0, overflow: "block", sorted: true } as never;
    expect(() => client.messages(options)).toThrow(
      new ConfigurationError([
        "highWaterMark: a number, 1 or more, is needed, not 0",
        "overflow: 'pause' or 'drop-oldest' or 'drop-newest' or 'error' is needed, not 'block'",
        "sorted: there is no such option",
      ]),
    );
  });

  test("survives reconnects", async () => {
    const { client, clock, connected, server } = rig({ plugins: [every(10)] });
    const peer = await connected();
    const reader = client.messages();
    peer.send("a");
    server.drop();
    await clock.advance(10);
    server.peer.send("b");
    expect(await read(reader, 2)).toEqual(["a", "b"]);
  });

  test("may be opened before the first connect(), and survives disconnect()", async () => {
    const { client, clock, connected } = rig();
    const reader = client.messages();
    (await connected()).send("a");
    void client.disconnect();
    await clock.settle();
    (await connected()).send("b");
    expect(await read(reader, 2)).toEqual(["a", "b"]);
  });

  test("ends after a graceful close, when what came before was read", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    const got: Message[] = [];
    const loop = watch(
      (async () => {
        for await (const message of client.messages()) got.push(message);
      })(),
    );
    const unread = client.messages();
    peer.send("a");
    void client.close();
    await clock.settle();
    expect(loop.status).toBe("resolved");
    expect(got).toEqual(["a"]);
    expect(await read(unread, 1)).toEqual(["a"]);
    expect(await unread.next()).toEqual({ done: true, value: undefined });
    expect(await client.messages().next()).toEqual({ done: true, value: undefined });
  });

  test("throws the cause after giving up, to late readers too", async () => {
    const { client, clock, connected } = rig({ plugins: [noRetry] });
    const peer = await connected();
    const reader = client.messages();
    peer.send("a");
    peer.drop();
    await clock.settle();
    const { state } = client;
    expect(await read(reader, 1)).toEqual(["a"]);
    await expect(reader.next()).rejects.toBe(state.status === "closed" && state.cause);
    await expect(client.messages().next()).rejects.toBe(state.status === "closed" && state.cause);
  });

  test("ends with its signal, even one that was aborted before", async () => {
    const { client, connected } = rig();
    const peer = await connected();
    const controller = new AbortController();
    const reader = client.messages({ signal: controller.signal });
    const next = reader.next();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    const aborted = client.messages({ signal: AbortSignal.abort() });
    peer.send("a");
    expect(await aborted.next()).toEqual({ done: true, value: undefined });
  });

  test("that was left gets nothing more", async () => {
    const { client, connected, told } = rig({ receiveBuffer: 1 });
    const peer = await connected();
    await client.messages().return!();
    send(peer, 3);
    expect(told("lagged")).toEqual([]);
  });
});

describe("A reader that falls behind", () => {
  test("pauses receiving at its mark, and resumes it below half of it", async () => {
    const { client, connected } = rig();
    const peer = await connected();
    const reader = await begun(client, peer, { highWaterMark: 4 });
    send(peer, 3);
    expect(peer.paused).toBe(false);
    peer.send("4");
    expect(peer.paused).toBe(true);
    await read(reader, 2);
    expect(peer.paused).toBe(true);
    expect(await read(reader, 1)).toEqual(["3"]);
    expect(peer.paused).toBe(false);
  });

  test("asks the transport once for each change", async () => {
    const asked: string[] = [];
    const { client, connected } = rig({
      onConnection(connection) {
        connection.pause = () => void asked.push("pause");
        connection.resume = () => void asked.push("resume");
      },
    });
    const peer = await connected();
    const reader = await begun(client, peer, { highWaterMark: 2 });
    send(peer, 4);
    await read(reader, 4);
    expect(asked).toEqual(["pause", "resume"]);
    send(peer, 1);
    void client.disconnect();
    expect(asked).toEqual(["pause", "resume"]);
  });

  test("has the client's receiveBuffer for a mark if it states none", async () => {
    const { client, connected } = rig({ receiveBuffer: 2 });
    const peer = await connected();
    await begun(client, peer);
    send(peer, 2);
    expect(peer.paused).toBe(true);
  });

  test("keeps others waiting until all are below half", async () => {
    const { client, connected } = rig();
    const peer = await connected();
    const [full, half] = [
      await begun(client, peer, { highWaterMark: 4 }),
      await begun(client, peer, { highWaterMark: 6 }),
    ];
    await read(full, 1);
    send(peer, 4);
    expect(peer.paused).toBe(true);
    await read(full, 4);
    expect(peer.paused).toBe(true);
    await read(half, 2);
    expect(peer.paused).toBe(false);
  });

  test("loses nothing and raises no `lagged` while it pauses", async () => {
    const { client, clock, connected, told } = rig();
    const peer = await connected();
    const reader = await begun(client, peer, { highWaterMark: 2 });
    send(peer, 50);
    const all = read(reader, 50);
    await clock.settle();
    expect(await all).toEqual(Array.from({ length: 50 }, (_, n) => `${n + 1}`));
    expect(told("lagged")).toEqual([]);
  });

  test("begins to pause only with its first next(), and drops the oldest before", async () => {
    const { client, connected, told } = rig();
    const peer = await connected();
    const reader = client.messages({ highWaterMark: 2 });
    send(peer, 3);
    expect(peer.paused).toBe(false);
    expect(told("lagged")).toEqual([{ skipped: 1 }]);
    expect(await read(reader, 1)).toEqual(["2"]);
    peer.send("4");
    expect(peer.paused).toBe(true);
  });

  test("drops the oldest where the transport cannot pause", async () => {
    const { client, connected, told } = rig({ transport: { pause: false } });
    const peer = await connected();
    const reader = await begun(client, peer, { highWaterMark: 2 });
    send(peer, 3);
    expect(told("lagged")).toEqual([{ skipped: 1 }]);
    expect(await read(reader, 2)).toEqual(["2", "3"]);
  });

  test("under 'drop-oldest', 'drop-newest' and 'error' pauses nobody", async () => {
    const { client, connected, told } = rig();
    const peer = await connected();
    const oldest = await begun(client, peer, { highWaterMark: 2, overflow: "drop-oldest" });
    const newest = await begun(client, peer, { highWaterMark: 2, overflow: "drop-newest" });
    await read(oldest, 1);
    const failing = client.messages({ highWaterMark: 2, overflow: "error" });
    send(peer, 3);
    expect(peer.paused).toBe(false);
    expect(told("lagged")).toEqual([{ skipped: 1 }, { skipped: 1 }]);
    expect(await read(oldest, 2)).toEqual(["2", "3"]);
    expect(await read(newest, 2)).toEqual(["1", "2"]);
    expect(await read(failing, 2)).toEqual(["1", "2"]);
    await expect(failing.next()).rejects.toEqual(new ReaderOverflowError(2));
    // Both went on.
    peer.send("4");
    expect([await read(oldest, 1), await read(newest, 1)]).toEqual([["4"], ["4"]]);
  });

  test("tells of nothing once another's lag has ended the client: `closed` is last", async () => {
    const plugin = insider();
    const { client, connected, names } = rig({ plugins: [plugin] });
    const peer = await connected();
    const readers = [1, 2].map(() =>
      client.messages({ overflow: "drop-oldest", highWaterMark: 1 }),
    );
    client.on("lagged", () => {
      void client.close();
      plugin.context.fail(new Error("no"));
    });
    peer.send("a");
    peer.send("b");
    expect(names.slice(3)).toEqual(["lagged", "shutdown", "disconnected", "closed"]);
    expect(await Promise.all(readers.map((reader) => read(reader, 1)))).toEqual([["b"], ["a"]]);
  });

  test("and is left, or ends by its signal, pauses nobody any more", async () => {
    const { client, connected } = rig();
    const peer = await connected();
    const left = await begun(client, peer, { highWaterMark: 2 });
    send(peer, 2);
    expect(peer.paused).toBe(true);
    await left.return!();
    expect(peer.paused).toBe(false);
    const controller = new AbortController();
    await begun(client, peer, { highWaterMark: 2, signal: controller.signal });
    send(peer, 2);
    expect(peer.paused).toBe(true);
    controller.abort();
    expect(peer.paused).toBe(false);
  });
});

describe("While receiving is paused", () => {
  test("`receiveTimeout` rests, and goes on afterwards", async () => {
    const { client, clock, connected, told } = rig({ receiveTimeout: 100, plugins: [noRetry] });
    const peer = await connected();
    const reader = await begun(client, peer, { highWaterMark: 1 });
    peer.send("a");
    expect(peer.paused).toBe(true);
    await clock.advance(1000);
    expect(client.isConnected).toBe(true);
    await read(reader, 1);
    await clock.advance(125);
    expect(told("fatal")).toHaveLength(1);
  });

  test("a plugin can see it", async () => {
    let paused = (): boolean => false;
    const plugin: Extension = {
      name: "onlooker",
      setup: (context) => void (paused = () => context.paused),
    };
    const { client, clock, connected } = rig({ plugins: [plugin] });
    const connecting = connected();
    expect(paused()).toBe(false);
    const peer = await connecting;
    const reader = await begun(client, peer, { highWaterMark: 1 });
    expect(paused()).toBe(false);
    peer.send("a");
    expect(paused()).toBe(true);
    await read(reader, 1);
    expect(paused()).toBe(false);
    peer.send("b");
    expect(paused()).toBe(true);
    void client.disconnect();
    expect(paused()).toBe(false);
    await clock.settle();
  });

  test("closing resumes it, since the peer's answer has to be heard", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    await begun(client, peer, { highWaterMark: 1 });
    peer.send("a");
    expect(peer.paused).toBe(true);
    const closing = watch(client.close());
    await clock.settle();
    expect(closing.value).toEqual({ wasClean: true, undelivered: 0 });
  });

  test("and the connection closes, a reader stays bounded", async () => {
    const { client, connected, told } = rig();
    const peer = await connected();
    const reader = await begun(client, peer, { highWaterMark: 2 });
    peer.answersClose = false;
    void client.disconnect();
    send(peer, 3);
    expect(told("lagged")).toEqual([{ skipped: 1 }]);
    expect(await read(reader, 2)).toEqual(["2", "3"]);
  });
});

describe("After a reconnect", () => {
  test("handshakes run unpaused; then a full reader pauses again", async () => {
    const paused: boolean[] = [];
    const hello: Handshake = {
      name: "hello",
      async handshake(session) {
        session.send("hello");
        paused.push(server.peer.paused);
        await session.receive();
      },
    };
    const { client, clock, server } = rig({ plugins: [hello, every(10)] });
    server.onMessage((_message, peer) => peer.send("welcome"));
    void client.connect();
    await clock.settle();
    const reader = await begun(client, server.peer, { highWaterMark: 2 });
    send(server.peer, 2);
    expect(server.peer.paused).toBe(true);
    server.peers[0]!.listener.onClose({ code: 1006, reason: "", wasClean: false });
    await clock.advance(10);
    expect(server.peers).toHaveLength(2);
    expect(paused).toEqual([false, false]);
    expect(client.isConnected).toBe(true);
    expect(server.peer.paused).toBe(true);
    await read(reader, 2);
    expect(server.peer.paused).toBe(false);
  });
});

describe("A backlog of asynchronous onMessage hooks", () => {
  /** A hook that keeps every message until it is told to go on. */
  function gate(): Extension & { open: () => void } {
    const hook = {
      name: "gate",
      open: () => {},
      onMessage: () => new Promise<void>((resolve) => (hook.open = resolve)),
    };
    return hook;
  }

  test("counts as a reader of `receiveBuffer` messages: it pauses and resumes", async () => {
    const hook = gate();
    const { client, clock, connected, told } = rig({ plugins: [hook], receiveBuffer: 4 });
    const peer = await connected();
    send(peer, 4);
    expect(peer.paused).toBe(false);
    peer.send("5");
    expect(peer.paused).toBe(true);
    for (let n = 0; n < 2; n++) {
      hook.open();
      await clock.settle();
    }
    expect(peer.paused).toBe(true);
    hook.open();
    await clock.settle();
    expect(peer.paused).toBe(false);
    expect(told("message")).toEqual(["1", "2", "3"]);
    void client.close();
  });

  test("drops the oldest where the transport cannot pause, and tells", async () => {
    const hook = gate();
    const { clock, connected, told } = rig({
      plugins: [hook],
      receiveBuffer: 2,
      transport: { pause: false },
    });
    const peer = await connected();
    send(peer, 4);
    expect(told("lagged")).toEqual([{ skipped: 1 }]);
    for (let n = 0; n < 4; n++) {
      hook.open();
      await clock.settle();
    }
    expect(told("message")).toEqual(["1", "3", "4"]);
  });

  test("of a connection that is gone pauses nobody on the next one", async () => {
    const hook = gate();
    const { clock, connected, server } = rig({
      plugins: [hook, every(10)],
      receiveBuffer: 2,
      closeTimeout: 5,
    });
    const peer = await connected();
    send(peer, 3);
    expect(peer.paused).toBe(true);
    peer.listener.onClose({ code: 1006, reason: "", wasClean: false });
    await clock.advance(15);
    expect(server.peers).toHaveLength(2);
    expect(server.peer.paused).toBe(false);
  });
});
