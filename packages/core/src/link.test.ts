import { describe, expect, test, vi } from "vitest";
import {
  ConnectionLostError,
  HandshakeError,
  HandshakeRejectedError,
  HandshakeTimeoutError,
  UnsupportedError,
  createClient,
  sendMessage,
  type Connection,
  type ConnectionListener,
  type Extension,
  type Handshake,
  type Transport,
  type WebSocketClient,
} from "./index.ts";
import { every, insider, rig, watch } from "./test-kit.ts";
import { manualClock } from "./testing/index.ts";

const greeting: Handshake = {
  name: "greeting",
  async handshake(session) {
    session.send("hello");
    await session.receive((message) => message === "welcome");
  },
};

describe("the order on connect", () => {
  test("is: open, handshakes in order, the queue, connected, what no step claimed, later sends", async () => {
    const log: string[] = [];
    const { client, server, clock } = rig({
      plugins: [
        greeting,
        { name: "spy", onSend: (message) => void log.push(`> ${String(message)}`) },
        sendMessage("subscribe"),
      ],
    });
    client.on("open", () => log.push("open"));
    client.on("state", ({ to }) => {
      if (to.status === "handshaking") log.push(`step ${to.step}`);
    });
    client.on("connected", () => {
      log.push("connected");
      client.send("from the listener");
    });
    client.on("message", (message) => {
      log.push(`< ${String(message)}`);
      client.send(`answer to ${String(message)}`);
    });
    client.send("queued 1");
    server.onDial((dial) => dial.accept().send("news"));
    server.onMessage((message, peer) => {
      if (message === "hello") {
        client.send("queued 2");
        peer.send("welcome");
      }
    });
    watch(client.connect());
    await clock.settle();
    expect(log).toEqual([
      "open",
      "step greeting",
      "> hello",
      "step send-message",
      "> subscribe",
      "> queued 1",
      "> queued 2",
      "connected",
      "> from the listener",
      "< news",
      "> answer to news",
    ]);
  });

  test("sends the queue as far as the high-water mark allows, later sends behind the rest", async () => {
    const { client, server, clock } = rig({ highWaterMark: 4 });
    server.onDial((dial) => dial.accept().slow());
    for (const text of ["aaaa", "bbbb", "cccc"]) client.send(text);
    watch(client.connect());
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(client.snapshot()).toMatchObject({ messagesSent: 1, queued: 2 });
    expect(client.send("dddd")).toBe("queued");
    server.peer.flow();
    expect(server.peer.received).toEqual(["aaaa", "bbbb", "cccc", "dddd"]);
  });

  test("lets nothing that an application sends overtake a handshake", async () => {
    const { client, server, clock } = rig({ plugins: [greeting] });
    watch(client.connect());
    await clock.settle();
    expect(client.send("eager")).toBe("queued");
    expect(server.peer.received).toEqual(["hello"]);
    server.peer.send("welcome");
    await clock.settle();
    expect(server.peer.received).toEqual(["hello", "eager"]);
  });

  test("awaits each handshake before the next, on every connection", async () => {
    const { server, clock, connected } = rig({
      plugins: [sendMessage("a", { reply: true }), sendMessage("b")],
    });
    server.onMessage((message, peer) => message === "a" && peer.send("ok"));
    await connected();
    server.drop();
    await clock.advance(1000);
    expect(server.peers.map((peer) => peer.received)).toEqual([
      ["a", "b"],
      ["a", "b"],
    ]);
  });

  test("tells the application of what no step claimed, also when a listener ends the connection", async () => {
    const { client, server, clock, told } = rig({ plugins: [greeting] });
    server.onMessage((_, peer) => {
      peer.send("1");
      peer.send("welcome");
      peer.send("2");
    });
    client.on("message", () => void client.disconnect({ timeout: 0 }));
    watch(client.connect());
    await clock.settle();
    await clock.advance(0);
    expect(told("message")).toEqual(["1", "2"]);
    expect(client.state.status).toBe("idle");
  });
});

describe("unclaimed messages before connected", () => {
  test("are bounded by receiveBuffer; beyond it the connection is lost", async () => {
    const { client, server, clock, told } = rig({ plugins: [greeting], receiveBuffer: 3 });
    watch(client.connect());
    await clock.settle();
    for (const text of ["1", "2", "3"]) server.peer.send(text);
    expect(client.state.status).toBe("handshaking");
    server.peer.send("4");
    await clock.settle();
    expect(client.state.status).toBe("waiting");
    expect(server.live).toBe(0);
    const error = told("error")[0]?.error as ConnectionLostError;
    expect(error).toBeInstanceOf(ConnectionLostError);
    expect(error.message).toBe(
      "Connection lost: close code 1006: More than 3 messages arrived before the handshakes were done",
    );
  });

  test("count those that wait for a hook's promise", async () => {
    const { client, server, clock } = rig({
      plugins: [greeting, { name: "slow", onMessage: () => new Promise<never>(() => {}) }],
      receiveBuffer: 2,
    });
    watch(client.connect());
    await clock.settle();
    for (const text of ["with the hook", "1", "2"]) server.peer.send(text);
    expect(client.state.status).toBe("handshaking");
    server.peer.send("3");
    expect(client.state.status).toBe("waiting");
  });

  test("are for nobody when the handshake fails", async () => {
    const { client, server, clock, told } = rig({ plugins: [greeting], handshakeTimeout: 10 });
    watch(client.connect());
    await clock.settle();
    server.peer.send("news");
    await clock.advance(10);
    expect(client.state.status).toBe("waiting");
    expect(told("message")).toEqual([]);
  });
});

describe("a handshake", () => {
  test("that throws is a HandshakeError, at once or by a promise, and retried", async () => {
    const failure = new Error("no");
    for (const handshake of [
      () => {
        throw failure;
      },
      () => Promise.reject(failure),
    ]) {
      const { client, clock, server, told } = rig({ plugins: [{ name: "broken", handshake }] });
      watch(client.connect());
      await clock.settle();
      const error = told("error")[0]?.error as HandshakeError;
      expect(error).toBeInstanceOf(HandshakeError);
      expect(error).toMatchObject({ step: "broken", cause: failure, retryable: true });
      expect(error.message).toBe("Handshake 'broken' failed: no");
      expect(client.state.status).toBe("waiting");
      expect(server.live).toBe(0);
      expect(told("disconnected")).toEqual([]);
    }
  });

  test("that throws no error is a HandshakeError, too", async () => {
    const plugin = { name: "broken", handshake: () => Promise.reject("text") };
    const { client, clock, told } = rig({ plugins: [plugin] });
    watch(client.connect());
    await clock.settle();
    expect(told("error")[0]?.error).toMatchObject({
      message: "Handshake 'broken' failed",
      cause: "text",
    });
  });

  test("that throws another of our errors is a HandshakeError with it as its cause", async () => {
    const failure = new UnsupportedError("cannot");
    const plugin = { name: "broken", handshake: () => Promise.reject(failure) };
    const { client, clock, told } = rig({ plugins: [plugin] });
    watch(client.connect());
    await clock.settle();
    expect(told("error")[0]?.error).toMatchObject({ code: "HANDSHAKE", cause: failure });
  });

  test("has the deadline that the plugin states, else the client's", async () => {
    for (const [handshakeTimeout, expected] of [
      [30, 30],
      [undefined, 50],
    ] as const) {
      const plugin = {
        name: "slow",
        handshakeTimeout,
        handshake: () => new Promise<void>(() => {}),
      };
      const { client, clock, told } = rig({ plugins: [plugin], handshakeTimeout: 50 });
      watch(client.connect());
      await clock.advance(expected - 1);
      expect(client.state.status).toBe("handshaking");
      await clock.advance(1);
      expect(told("error")[0]?.error).toBeInstanceOf(HandshakeTimeoutError);
      expect(told("error")[0]?.error.message).toBe(
        `Handshake 'slow' timed out after ${expected} ms`,
      );
    }
  });

  test("is not begun any more when a listener ends the connection before it", async () => {
    const handshake = vi.fn<() => Promise<void>>(async () => {});
    const { client, clock } = rig({
      plugins: [sendMessage("first"), { name: "second", handshake }],
    });
    client.on("state", ({ to }) => {
      if (to.status === "handshaking" && to.step === "second") void client.disconnect();
    });
    watch(client.connect());
    await clock.settle();
    expect(client.state.status).toBe("idle");
    expect(handshake).not.toHaveBeenCalled();
  });

  test("is called as a method", async () => {
    const plugin = {
      name: "own",
      text: "mine",
      async handshake(session: { send(message: string): void }) {
        session.send(this.text);
      },
    };
    const { server, connected } = rig({ plugins: [plugin] });
    await connected();
    expect(server.peer.received).toEqual(["mine"]);
  });
});

describe("a connection", () => {
  test("counts bytes of text itself where the transport does not", async () => {
    const transport = puppet();
    const { client } = play(transport);
    transport.listeners[0]?.onOpen(info);
    transport.listeners[0]?.onMessage("ä");
    transport.listeners[0]?.onMessage("ä", 7);
    expect(client.snapshot()).toMatchObject({ messagesReceived: 2, bytesReceived: 9 });
  });

  test("asks a URL function first, and dials nothing when it is not wanted any more", async () => {
    const { client, server, clock } = rig({ url: async () => "ws://server.test/asked" });
    watch(client.connect());
    await clock.settle();
    expect(server.dials[0]?.url).toBe("ws://server.test/asked");
    watch(client.disconnect());
    await clock.settle();
    watch(client.connect());
    watch(client.disconnect());
    await clock.settle();
    expect(server.dials).toHaveLength(1);
  });

  test("fails with what its URL function rejects with", async () => {
    const cause = new Error("no token");
    const { client, clock, told } = rig({ url: () => Promise.reject(cause) });
    watch(client.connect());
    await clock.settle();
    expect(told("error")[0]?.error).toMatchObject({ code: "CONNECT", phase: "url", cause });
  });

  test("tells pongs to who pinged", async () => {
    const { client, clock, connected } = rig();
    await connected();
    const ping = watch(client.ping());
    await clock.settle();
    expect(ping.value).toBe(0);
  });

  test("has steps in the state before it is connected only", async () => {
    const steps: string[] = [];
    let exchange: (() => Promise<unknown>) | undefined;
    const named: Handshake = {
      name: "named",
      async handshake(session) {
        session.step = "inner";
      },
    };
    const { client, connected } = rig({
      plugins: [
        named,
        {
          name: "keeper",
          setup(context) {
            exchange = () => context.exchange((session) => named.handshake(session));
          },
        },
      ],
    });
    client.on("state", ({ to }) => steps.push(to.status === "handshaking" ? to.step : to.status));
    await connected();
    await exchange?.();
    expect(steps).toEqual(["connecting", "named", "inner", "connected"]);
  });

  test("tells hooks what the origin of a message is", async () => {
    const origins: string[] = [];
    const { server, connected } = rig({
      plugins: [greeting, { name: "spy", onMessage: (_, { origin }) => void origins.push(origin) }],
    });
    server.onMessage((_, peer) => peer.send("welcome"));
    const peer = await connected();
    peer.send("news");
    expect(origins).toEqual(["plugin", "application"]);
  });

  test("that ends while `connected` is told hands out nothing that was unclaimed", async () => {
    const { client, server, clock, told } = rig({ plugins: [greeting] });
    server.onMessage((_, peer) => {
      peer.send("news");
      peer.send("welcome");
    });
    const off = client.on("connected", () => {
      off();
      server.onDial(() => {});
      void client.close({ timeout: 0 });
      clock.advanceSync(0);
    });
    watch(client.connect());
    await clock.settle();
    expect(client.state.status).toBe("closed");
    expect(told("message")).toEqual([]);
  });

  test.each(["waits for a message", "is busy"])(
    "that ends while a step %s is judged once",
    async (how) => {
      const { client, server, clock, told } = rig({
        plugins: [
          {
            name: "step",
            async handshake(session) {
              if (how === "is busy") await new Promise(() => {});
              await session.receive().catch(() => {});
            },
          },
        ],
      });
      watch(client.connect());
      await clock.settle();
      server.peer.close(1001);
      await clock.settle();
      expect(client.state).toMatchObject({ status: "waiting", cause: { close: { code: 1001 } } });
      expect(told("error")).toHaveLength(1);
    },
  );

  test("whose hooks still have messages is lost when they are done", async () => {
    let answer: () => void = () => {};
    const { client, clock, connected, told } = rig({
      plugins: [
        { name: "slow", onMessage: () => new Promise<void>((resolve) => (answer = resolve)) },
      ],
    });
    const peer = await connected();
    peer.send("last words");
    peer.drop();
    await clock.settle();
    expect(client.state.status).toBe("connected");
    answer();
    await clock.settle();
    expect(told("message")).toEqual(["last words"]);
    expect(client.state.status).toBe("waiting");
  });

  test("that waits for its hooks leaves no timer behind when the client closes meanwhile", async () => {
    const { client, clock, connected } = rig({
      stableAfter: 0,
      plugins: [{ name: "slow", onMessage: () => new Promise<void>(() => {}) }],
    });
    const peer = await connected();
    peer.send("m");
    peer.drop();
    expect(clock.pending).toBe(1);
    watch(client.close({ timeout: 10 }));
    await clock.advance(10);
    expect(client.state.status).toBe("closed");
    expect(clock.pending).toBe(0);
  });

  test("gives a step its own time to judge, however long the hooks before it had", async () => {
    const refusal = new HandshakeError("too late");
    let answer: () => void = () => {};
    let judge: () => void = () => {};
    const { client, server, clock, told } = rig({
      closeTimeout: 20,
      handshakeTimeout: 100,
      plugins: [
        {
          name: "judge",
          async handshake(session) {
            await session.receive((message) => message === "never").catch(() => {});
            await new Promise<void>((resolve) => (judge = resolve));
            throw refusal;
          },
        },
        { name: "slow", onMessage: () => new Promise<void>((resolve) => (answer = resolve)) },
      ],
    });
    watch(client.connect());
    await clock.settle();
    server.peer.send("m");
    server.peer.close(1001);
    answer();
    await clock.advance(50);
    expect(client.state.status).toBe("handshaking");
    judge();
    await clock.settle();
    expect(told("error")[0]?.error).toBe(refusal);
  });
});

/** A transport that the test plays itself. */
function puppet(connection: Partial<Connection> = {}): Transport & {
  readonly listeners: ConnectionListener[];
  readonly calls: string[];
} {
  const listeners: ConnectionListener[] = [];
  const calls: string[] = [];
  return {
    name: "puppet",
    listeners,
    calls,
    connect(_, listener) {
      listeners.push(listener);
      return {
        bufferedAmount: 0,
        send: (message) => void calls.push(`send ${String(message)}`),
        close: (code, reason) => void calls.push(`close ${code} ${reason}`),
        terminate: () => void calls.push("terminate"),
        ...connection,
      };
    },
  };
}
function play(transport: Transport, ...plugins: readonly Extension[]) {
  const clock = manualClock();
  const client = createClient({
    url: "ws://server.test/",
    plugins: [transport, plugins],
    clock,
    random: () => 0.5,
  });
  watch(client.connect());
  return { client, clock };
}
const info = { protocol: "", extensions: "" };
const lost = { code: 1006, reason: "", wasClean: false };

describe("what a transport tells", () => {
  test("late, twice or of an older socket changes nothing", async () => {
    const transport = puppet();
    const { client, clock } = play(transport);
    const events: string[] = [];
    for (const name of ["open", "connected", "disconnected", "message", "error"] as const) {
      client.on(name, () => events.push(name));
    }
    const [first] = transport.listeners as [ConnectionListener];
    first.onMessage("before open");
    first.onDrain();
    first.onPong(new Uint8Array());
    first.onActivity();
    first.onOpen(info);
    first.onOpen(info);
    expect(events.splice(0)).toEqual(["open", "connected"]);
    first.onClose(lost);
    first.onClose(lost);
    expect(events.splice(0)).toEqual(["disconnected"]);
    await clock.advance(1000);
    const [, second] = transport.listeners as [ConnectionListener, ConnectionListener];
    second.onOpen(info);
    expect(events.splice(0)).toEqual(["open", "connected"]);
    first.onOpen(info);
    first.onMessage("old");
    first.onDrain();
    first.onPong(new Uint8Array());
    first.onActivity();
    first.onClose(lost);
    expect(events).toEqual([]);
    expect(client.state).toMatchObject({ status: "connected", id: 2 });
  });

  test("of its end a second time changes nothing, not even while a hook has yet to answer", async () => {
    const transport = puppet();
    let answer = (): void => {};
    const slow = () => new Promise<void>((resolve) => (answer = resolve));
    const { client, clock } = play(transport, { name: "slow", onMessage: slow });
    const causes: unknown[] = [];
    client.on("disconnected", ({ cause }) => causes.push(cause));
    const [listener] = transport.listeners as [ConnectionListener];
    listener.onOpen(info);
    listener.onMessage("the last");
    listener.onClose({ code: 1012, reason: "restart", wasClean: true });
    listener.onClose(lost);
    answer();
    await clock.settle();
    expect(causes).toMatchObject([{ close: { code: 1012, reason: "restart" } }]);
  });

  test("before it has returned the connection drops that connection", async () => {
    const transport = puppet();
    const { calls } = transport;
    const inner = transport.connect.bind(transport);
    transport.connect = (request, listener) => {
      listener.onClose(lost);
      return inner(request, listener);
    };
    const { client } = play(transport);
    expect(client.state.status).toBe("waiting");
    expect(calls).toEqual(["terminate"]);
  });

  test("by throwing from send loses the connection and keeps the message", async () => {
    const failure = new Error("not taken");
    let isBroken = true;
    const sent: unknown[] = [];
    const transport = puppet({
      send(message) {
        if (isBroken) throw failure;
        sent.push(message);
      },
    });
    const { client, clock } = play(transport);
    transport.listeners[0]?.onOpen(info);
    expect(client.send("m")).toBe("queued");
    expect(client.state).toMatchObject({ status: "waiting", cause: { cause: failure } });
    isBroken = false;
    await clock.advance(1000);
    transport.listeners[1]?.onOpen(info);
    expect(sent).toEqual(["m"]);
  });

  test("by throwing from send while the queue goes ends the connection before it is connected", async () => {
    let isBroken = true;
    const transport = puppet({
      send() {
        if (isBroken) throw new Error("not taken");
      },
    });
    const { client, clock } = play(transport);
    const connected: unknown[] = [];
    client.on("connected", (event) => connected.push(event));
    client.send("1");
    client.send("2");
    transport.listeners[0]?.onOpen(info);
    expect(client.state.status).toBe("waiting");
    expect(connected).toEqual([]);
    isBroken = false;
    await clock.advance(1000);
    transport.listeners[1]?.onOpen(info);
    expect(connected).toHaveLength(1);
    expect(client.snapshot().messagesSent).toBe(2);
  });

  test("by throwing from terminate is a PluginError, and the end of the connection all the same", async () => {
    const failure = new Error("stuck");
    const transport = puppet({
      terminate() {
        throw failure;
      },
    });
    const { client, clock } = play(transport);
    const errors: unknown[] = [];
    client.on("error", ({ error }) => errors.push(error));
    transport.listeners[0]?.onOpen(info);
    const closing = watch(client.close({ timeout: 10 }));
    await clock.advance(10);
    expect(closing.status).toBe("resolved");
    expect(errors).toMatchObject([{ plugin: "puppet", hook: "terminate", cause: failure }]);
  });

  test("by throwing from close ends the connection", async () => {
    const transport = puppet({
      close() {
        throw new Error("stuck");
      },
    });
    const { client, clock } = play(transport);
    transport.listeners[0]?.onOpen(info);
    const closing = watch(client.close());
    await clock.settle();
    expect(client.state.status).toBe("closed");
    expect(closing.value).toMatchObject({ wasClean: false });
    expect(transport.calls).toEqual(["terminate"]);
  });
});

test("lets a step that was given a refusal say so, although the close came in the same turn", async () => {
  const step: Handshake = {
    name: "login",
    async handshake(session) {
      session.send("token");
      const reply = await session.receive();
      throw new HandshakeRejectedError(`refused: ${String(reply)}`);
    },
  };
  const { client, server, clock } = rig({ plugins: [step] });
  server.onMessage((_, peer) => {
    peer.send("no");
    peer.close(1000, "bye");
  });
  const refused = client.connect().catch((error: unknown) => error);
  await clock.settle();
  expect(await refused).toBeInstanceOf(HandshakeRejectedError);
  expect(server.dials.length).toBe(1);
});

describe("a listener of `open` that ends the connection", () => {
  const ways = {
    disconnect: (client: WebSocketClient) => void client.disconnect(),
    close: (client: WebSocketClient) => void client.close(),
    abort: (_: WebSocketClient, controller: AbortController) =>
      controller.abort(new Error("enough")),
  };
  test.each(Object.keys(ways) as (keyof typeof ways)[])("by %s has ended it", async (way) => {
    const { client, clock, server, states } = rig({});
    const controller = new AbortController();
    const undo = client.on("open", () => {
      undo();
      ways[way](client, controller);
    });
    client.connect({ signal: controller.signal }).catch(() => {});
    await clock.settle();
    expect(states).not.toContain("connected");
    expect(server.live).toBe(0);
    if (way === "close") return;
    expect(client.state.status).toBe("idle");
    expect(client.send("later")).toBe("queued");
    client.use(greeting);
    void client.connect();
    await clock.settle();
    expect(server.peer.received).toEqual(["hello"]);
    server.peer.send("welcome");
    await clock.settle();
    expect(server.peer.received).toEqual(["hello", "later"]);
  });

  test("by a doubt lets the next attempt come, although there are handshakes", async () => {
    const doubter = insider();
    const { client, clock, server, states } = rig({ plugins: [doubter, every(100), greeting] });
    const undo = client.on("open", () => {
      undo();
      doubter.context.fail(new Error("doubted"));
    });
    watch(client.connect());
    await clock.settle();
    expect(states.slice(1)).toEqual(["connecting", "waiting"]);
    await clock.advance(100);
    expect(server.dials).toHaveLength(2);
    server.peer.send("welcome");
    await clock.settle();
    expect(client.isConnected).toBe(true);
  });
});

test("a socket that is gone is not closed, while a hook still has what arrived on it", async () => {
  const close = vi.fn<Connection["close"]>();
  const { client, clock, connected } = rig({
    plugins: [{ name: "slow", onMessage: () => new Promise<void>(() => {}) }],
    onConnection: (connection) => (connection.close = close),
  });
  const peer = await connected();
  peer.send("m");
  peer.close(1001);
  const disconnecting = watch(client.disconnect());
  await clock.advance(5_000);
  expect(disconnecting.status).toBe("resolved");
  expect(close).not.toHaveBeenCalled();
});

test("a hook's fault that ends an attempt is one error, not two", async () => {
  const { client, clock, connected, server, told } = rig({
    pluginErrorPolicy: "disconnect",
    plugins: [
      every(100),
      greeting,
      {
        name: "broken",
        onMessage() {
          throw new Error("broken");
        },
      },
    ],
  });
  void connected().catch(() => {});
  await clock.settle();
  server.peer.send("welcome");
  await clock.settle();
  expect(client.state.status).toBe("waiting");
  expect(told("error")).toMatchObject([{ error: { plugin: "broken", hook: "onMessage" } }]);
  expect(client.snapshot().errorCount).toBe(1);
});

test("the signal of an attempt aborts when a handshake fails, and not any more once it is connected", async () => {
  const signals: AbortSignal[] = [];
  const { client, clock, server } = rig({
    url: ({ signal }) => (signals.push(signal), "ws://server.test/"),
    plugins: [every(10), greeting],
  });
  void client.connect();
  await clock.settle();
  server.drop();
  await clock.settle();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  await clock.advance(10);
  server.peer.send("welcome");
  await clock.settle();
  expect(client.isConnected).toBe(true);
  await client.close();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
});
