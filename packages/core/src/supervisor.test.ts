import { describe, expect, test, vi } from "vitest";
import {
  ConnectError,
  ConnectTimeoutError,
  ConnectionLostError,
  HandshakeError,
  HandshakeRejectedError,
  IdleTimeoutError,
  NotConnectedError,
  PluginError,
  definePlugin,
} from "./index.ts";
import type { ClientEvents, Plugin } from "./index.ts";
import { rig, watch } from "./test-kit.ts";
import type { Outcome } from "./test-kit.ts";
import type { MemoryDial } from "./testing/index.ts";

const fails = (dial: MemoryDial): void => dial.fail("tcp");
const holds = (): void => {};
const every = (delay: number): Plugin => ({ name: "every", nextDelay: () => delay });
const noRetry: Plugin = { name: "no-retry", nextDelay: () => null };

describe("events", () => {
  test("come in this order on connect", async () => {
    const order: string[] = [];
    const { client, clock, server } = rig({
      plugins: [
        { name: "first", handshake: async (session) => session.send("first") },
        {
          name: "second",
          async handshake(session) {
            order.push("second");
            session.send("second");
            await session.receive((message) => message === "welcome");
          },
        },
      ],
    });
    server.onMessage((message, peer) => {
      if (message !== "second") return;
      peer.send("unclaimed");
      peer.send("welcome");
    });
    for (const event of ["connecting", "open", "connected"] as const) {
      client.on(event, () => order.push(event));
    }
    client.on("state", ({ to }) =>
      order.push(to.status === "handshaking" ? `state ${to.step}` : `state ${to.status}`),
    );
    client.on("message", (message) => order.push(`message ${String(message)}`));
    client.on("connected", () => client.send("greeting"));
    client.send("queued 1");
    client.send("queued 2");
    watch(client.connect());
    await clock.settle();
    expect(order).toEqual([
      "state connecting",
      "connecting",
      "open",
      "state first",
      "state second",
      "second",
      "state connected",
      "connected",
      "message unclaimed",
    ]);
    expect(server.peer.received).toEqual(["first", "second", "queued 1", "queued 2", "greeting"]);
  });

  test("find the queue on its way as far as the high-water mark allows, and later sends behind it", async () => {
    const { client, clock, server } = rig({ highWaterMark: 3 });
    server.script((dial) => dial.accept().slow());
    for (const message of ["one", "two", "three"]) client.send(message);
    let sent: string | undefined;
    let buffered = 0;
    client.on("connected", () => {
      buffered = server.peer.isOpen ? client.snapshot().messagesSent : 0;
      sent = client.send("later");
    });
    watch(client.connect());
    await clock.settle();
    expect([buffered, sent]).toEqual([1, "queued"]);
    server.peer.flow();
    await clock.settle();
    expect(server.peer.received).toEqual(["one", "two", "three", "later"]);
  });

  test("are preceded by the state: it is set, then `state` fires, then the event of its name", async () => {
    const { client, clock, connected, server } = rig({ plugins: [every(10)] });
    const seen: string[] = [];
    const look =
      (event: string): (() => void) =>
      () =>
        seen.push(`${event} in ${client.state.status}`);
    for (const event of ["connecting", "connected", "disconnected", "closed"] as const) {
      client.on(event, look(event));
    }
    client.on("state", ({ to }) => look(`state ${to.status}`)());
    await connected();
    server.drop();
    await clock.advance(10);
    await client.close();
    expect(seen).toEqual([
      "state connecting in connecting",
      "connecting in connecting",
      "state connected in connected",
      "connected in connected",
      "state waiting in waiting",
      "disconnected in waiting",
      "state connecting in connecting",
      "connecting in connecting",
      "state connected in connected",
      "connected in connected",
      "state closing in closing",
      "state closed in closed",
      "disconnected in closed",
      "closed in closed",
    ]);
  });

  test("tell every state change from the one before it", async () => {
    const { clock, connected, client, server, told } = rig({ plugins: [every(10)] });
    await connected();
    server.drop();
    await clock.advance(10);
    await client.disconnect();
    const changes = told("state");
    expect(changes[0]!.from).toEqual({ status: "idle" });
    for (let i = 1; i < changes.length; i++) expect(changes[i]!.from).toBe(changes[i - 1]!.to);
    expect(changes.at(-1)!.to).toBe(client.state);
  });

  test("of what a listener causes come after the event it was told", async () => {
    const { client, clock, names } = rig();
    client.on("connecting", () => void client.disconnect());
    const late: string[] = [];
    client.on("connecting", () => late.push(names.join()));
    watch(client.connect());
    await clock.settle();
    expect(late).toEqual(["connecting"]);
  });
});

describe("a failed dial", () => {
  test("is `error` and not `disconnected`, under the attempt that failed", async () => {
    const { client, clock, names, server, told } = rig({ plugins: [every(10)] });
    server.script(fails, fails);
    watch(client.connect());
    await clock.settle();
    expect(names).toEqual(["connecting", "error", "reconnectScheduled"]);
    await clock.advance(10);
    expect(told("error").map(({ attempt }) => attempt)).toEqual([0, 1]);
    expect(told("error")[0]!.error).toMatchObject({ code: "CONNECT", phase: "tcp" });
    await clock.advance(10);
    expect(told("disconnected")).toEqual([]);
    expect(told("connecting").map(({ attempt }) => attempt)).toEqual([0, 1, 2]);
    expect(told("connected")).toEqual([{ id: 1, attempt: 2, reconnects: 0 }]);
  });

  test("waits with the number, the time and the cause of the next attempt", async () => {
    const { client, clock, server, told } = rig({ plugins: [every(10)] });
    server.script(fails);
    await clock.advance(500);
    watch(client.connect());
    await clock.settle();
    const { cause } = told("reconnectScheduled")[0]!;
    expect(cause).toBeInstanceOf(ConnectError);
    expect(told("reconnectScheduled")).toEqual([{ attempt: 1, delay: 10, until: 510, cause }]);
    expect(client.state).toEqual({ status: "waiting", attempt: 1, delay: 10, until: 510, cause });
  });

  test("is followed at once by the next when the delay is 0", async () => {
    const { client, clock, server } = rig({ plugins: [every(0)] });
    server.script(fails);
    watch(client.connect());
    await clock.advance(0);
    expect([client.isConnected, server.dials.length]).toEqual([true, 2]);
  });

  test("by a deadline says so, and drops the socket", async () => {
    const { client, clock, server, told } = rig({ connectTimeout: 300, plugins: [every(10)] });
    server.script(holds);
    watch(client.connect());
    await clock.advance(299);
    expect(client.state.status).toBe("connecting");
    await clock.advance(1);
    expect(told("error")[0]!.error).toEqual(
      new ConnectTimeoutError("Connecting to ws://server.test/ took more than 300 ms", {
        phase: "upgrade",
      }),
    );
    expect(server.live).toBe(0);
    await clock.advance(10);
    expect(client.isConnected).toBe(true);
  });

  test.each([
    ["tcp", () => "tcp"],
    ["unknown", () => undefined],
    [
      "unknown",
      () => {
        throw new Error("a getter that throws");
      },
    ],
  ])("by a deadline has the phase that the transport had reached: %s", async (phase, get) => {
    const { client, clock, server, told } = rig({
      connectTimeout: 300,
      plugins: [every(10)],
      onConnection: (connection) => Object.defineProperty(connection, "phase", { get }),
    });
    server.script(holds);
    watch(client.connect());
    await clock.advance(300);
    expect(told("error")[0]!.error).toMatchObject({ code: "CONNECT_TIMEOUT", phase });
    await client.close();
  });

  test("has one deadline for the URL function and the socket together", async () => {
    const { client, clock, server, told } = rig({
      url: ({ signal }) =>
        new Promise((resolve) => {
          clock.schedule(60, () => resolve("ws://server.test/"));
          signal.addEventListener("abort", () => aborts.push(signal.reason));
        }),
      connectTimeout: 100,
      plugins: [noRetry],
    });
    const aborts: unknown[] = [];
    server.script(holds);
    watch(client.connect());
    await clock.advance(99);
    expect(client.state.status).toBe("connecting");
    await clock.advance(1);
    expect(told("fatal")[0]!.error.cause).toBeInstanceOf(ConnectTimeoutError);
    expect(aborts.length).toBe(1);
    expect(server.live).toBe(0);
  });

  test("in a URL function that hangs says so", async () => {
    const { client, clock, told } = rig({
      url: () => new Promise<string>(() => {}),
      connectTimeout: 100,
      plugins: [noRetry],
    });
    watch(client.connect());
    await clock.advance(100);
    expect(told("fatal")[0]!.error.cause).toMatchObject({
      code: "CONNECT_TIMEOUT",
      phase: "url",
      message: "Connecting to the server took more than 100 ms",
    });
  });

  test("has no deadline when connectTimeout is 0", async () => {
    const { client, clock, server } = rig({ connectTimeout: 0 });
    server.script(holds);
    watch(client.connect());
    await clock.settle();
    expect(clock.pending).toBe(0);
  });
});

describe("the URL and the subprotocols", () => {
  test("may be functions, asked on every attempt with its number", async () => {
    const asked: unknown[] = [];
    const { client, clock, server } = rig({
      url: async ({ attempt, signal }) => {
        asked.push(["url", attempt, signal.aborted]);
        return `ws://server.test/${attempt}`;
      },
      protocols: ({ attempt }) => {
        asked.push(["protocols", attempt]);
        return [`v${attempt}`];
      },
      plugins: [every(10)],
    });
    server.script(fails);
    watch(client.connect());
    await clock.advance(10);
    expect(asked).toEqual([
      ["url", 0, false],
      ["protocols", 0],
      ["url", 1, false],
      ["protocols", 1],
    ]);
    expect(server.dials.map(({ url, protocols }) => [url, protocols])).toEqual([
      ["ws://server.test/0", ["v0"]],
      ["ws://server.test/1", ["v1"]],
    ]);
  });

  test("that reject are a failed attempt of phase url, or options, and retried", async () => {
    for (const [option, phase] of [
      ["url", "url"],
      ["protocols", "options"],
    ] as const) {
      let calls = 0;
      const { client, clock, told } = rig({
        [option]: () => {
          if (calls++ === 0) throw new Error("token=secret");
          return option === "url" ? "ws://server.test/" : [];
        },
        plugins: [every(10)],
      });
      watch(client.connect());
      await clock.advance(10);
      expect(told("error")[0]!.error).toMatchObject({ code: "CONNECT", phase, retryable: true });
      expect(told("error")[0]!.error.message).not.toContain("secret");
      expect(client.isConnected).toBe(true);
    }
  });

  test("that reject with `retryable: false` are fatal", async () => {
    const { client, clock, told } = rig({
      url: () => Promise.reject(Object.assign(new Error("revoked"), { retryable: false })),
    });
    const connecting = watch(client.connect());
    await clock.settle();
    expect(connecting.error).toBeInstanceOf(ConnectError);
    expect(told("fatal")).toEqual([{ error: connecting.error }]);
    expect(told("error")).toEqual([]);
  });

  test("that answer late are not dialed", async () => {
    const answers: ((url: string) => void)[] = [];
    const { client, clock, server } = rig({
      url: () => new Promise<string>((resolve) => answers.push(resolve)),
    });
    watch(client.connect());
    await client.disconnect();
    watch(client.connect());
    answers[0]!("ws://late.test/");
    await clock.settle();
    expect(server.dials).toEqual([]);
    answers[1]!("ws://right.test/");
    await clock.settle();
    expect(server.dials.map(({ url }) => url)).toEqual(["ws://right.test/"]);
  });
});

describe("a failed handshake", () => {
  test("is `error` and not `disconnected`, and waits at least handshakeRetryDelay", async () => {
    let calls = 0;
    const { client, clock, names, told } = rig({
      handshakeRetryDelay: 70,
      plugins: [
        every(10),
        {
          name: "auth",
          async handshake() {
            if (calls++ === 0) throw new Error("not yet");
          },
        },
      ],
    });
    watch(client.connect());
    await clock.settle();
    expect(names).toEqual(["connecting", "open", "error", "reconnectScheduled"]);
    expect(told("error")[0]!.error).toBeInstanceOf(HandshakeError);
    expect(told("reconnectScheduled")[0]!.delay).toBe(70);
    await clock.advance(70);
    expect(client.isConnected).toBe(true);
  });

  test("leaves a longer delay, and other losses, alone", async () => {
    let calls = 0;
    const { client, clock, server, told } = rig({
      handshakeRetryDelay: 70,
      plugins: [
        every(100),
        {
          name: "auth",
          async handshake() {
            if (calls++ === 0) throw new Error("not yet");
          },
        },
      ],
    });
    watch(client.connect());
    await clock.advance(100);
    server.drop();
    await clock.settle();
    expect(told("reconnectScheduled").map(({ delay }) => delay)).toEqual([100, 100]);
    const other = rig({ handshakeRetryDelay: 70, plugins: [every(10)] });
    other.server.script(fails);
    watch(other.client.connect());
    await other.clock.settle();
    expect(other.told("reconnectScheduled")[0]!.delay).toBe(10);
  });

  test("that the server refused is fatal, and not also an error", async () => {
    const error = new HandshakeRejectedError("No");
    const { client, clock, names, told } = rig({
      plugins: [{ name: "auth", handshake: () => Promise.reject(error) }],
    });
    watch(client.connect());
    await clock.settle();
    expect(names).toEqual(["connecting", "open", "fatal", "closed"]);
    expect(told("closed")).toEqual([{ cause: error }]);
  });
});

describe("exitOnFirstFailure", () => {
  test("gives up if the very first attempt fails", async () => {
    const { client, clock, names, server, told } = rig({ exitOnFirstFailure: true });
    server.script(fails);
    const connecting = watch(client.connect());
    await clock.settle();
    expect(connecting.error).toMatchObject({ code: "CONNECT", phase: "tcp" });
    expect(told("fatal")).toEqual([{ error: connecting.error }]);
    expect(names).toEqual(["connecting", "fatal", "closed"]);
  });

  test("counts a failed handshake as a failed attempt", async () => {
    const { client, clock } = rig({
      exitOnFirstFailure: true,
      plugins: [{ name: "auth", handshake: () => Promise.reject(new Error("down")) }],
    });
    const connecting = watch(client.connect());
    await clock.settle();
    expect(connecting.error).toBeInstanceOf(HandshakeError);
  });

  test("holds for every connect() anew", async () => {
    const { client, clock, connected, server } = rig({ exitOnFirstFailure: true });
    await connected();
    await client.disconnect();
    server.script(fails);
    const again = watch(client.connect());
    await clock.settle();
    expect(again.error).toMatchObject({ code: "CONNECT", phase: "tcp" });
    expect(client.state.status).toBe("closed");
  });

  test("means nothing once an attempt has succeeded", async () => {
    const { client, clock, connected, server } = rig({
      exitOnFirstFailure: true,
      plugins: [every(10)],
    });
    await connected();
    server.script(fails);
    server.drop();
    await clock.advance(20);
    expect(client.isConnected).toBe(true);
  });
});

describe("a lost connection", () => {
  test("is `disconnected` with cause, uptime and the bytes of unknown fate", async () => {
    const { client, clock, connected, names, told } = rig({ plugins: [every(10)] });
    const peer = await connected();
    peer.slow();
    client.send("12345");
    await clock.advance(400);
    peer.close(1011, "bug");
    await clock.settle();
    expect(names.slice(3)).toEqual(["disconnected", "reconnectScheduled"]);
    const [{ cause } = {}] = told("disconnected");
    expect(cause).toBeInstanceOf(ConnectionLostError);
    expect(cause).toMatchObject({ close: { code: 1011, reason: "bug", wasClean: true } });
    expect(told("disconnected")).toEqual([
      { cause, willRetry: true, uptime: 400, bufferedAmount: 5 },
    ]);
    expect(told("reconnectScheduled")).toEqual([{ attempt: 1, delay: 10, until: 410, cause }]);
  });

  test("tells of the bytes that were buffered before the socket was terminated", async () => {
    const { client, clock, connected, told } = rig({
      plugins: [every(10)],
      receiveTimeout: 100,
      onConnection(connection) {
        const terminate = connection.terminate.bind(connection);
        connection.terminate = () => {
          terminate();
          Object.defineProperty(connection, "bufferedAmount", { value: 0 });
        };
      },
    });
    (await connected()).slow();
    client.send("12345");
    await clock.advance(100);
    expect(told("disconnected")).toMatchObject([{ uptime: 100, bufferedAmount: 5 }]);
  });

  test("has no cause when the application asked for the end, although it broke before", async () => {
    const { client, clock, connected, told } = rig({ highWaterMark: 1 });
    const peer = await connected();
    peer.slow();
    client.send("on its way");
    client.send("queued");
    const closing = watch(client.close());
    await clock.advance(30);
    expect(client.state.status).toBe("closing");
    peer.drop();
    await clock.settle();
    expect(closing.value).toEqual({ wasClean: false, undelivered: 1 });
    expect(client.snapshot().lastDisconnect).toEqual({ at: 30, cause: null });
    expect(told("disconnected")).toEqual([{ willRetry: false, uptime: 30, bufferedAmount: 10 }]);
  });

  test("that will not be retried says so, and is not also an error", async () => {
    const { clock, client, connected, names, told } = rig();
    const peer = await connected();
    peer.close(1008, "policy");
    await clock.settle();
    expect(names.slice(3)).toEqual(["disconnected", "fatal", "closed"]);
    expect(told("disconnected")[0]).toMatchObject({ willRetry: false });
    const { cause } = told("disconnected")[0]!;
    expect(told("fatal")).toEqual([{ error: cause }]);
    expect(client.state).toEqual({ status: "closed", cause });
  });

  test("comes back with a new id and the number of earlier connections", async () => {
    const { clock, client, connected, server, told } = rig({ plugins: [every(10)] });
    await connected();
    server.drop();
    await clock.advance(10);
    expect(told("connected")).toEqual([
      { id: 1, attempt: 0, reconnects: 0 },
      { id: 2, attempt: 1, reconnects: 1 },
    ]);
    expect(client.state).toEqual({ status: "connected", id: 2, since: 10 });
  });

  test("drops the queue under whileDisconnected 'reject', and a send meanwhile is refused", async () => {
    const { client, clock, connected, told } = rig({
      highWaterMark: 1,
      sendQueue: { whileDisconnected: "reject" },
    });
    const peer = await connected();
    peer.slow();
    client.send("on its way");
    client.send("queued");
    peer.drop();
    await clock.settle();
    expect(told("dropped")).toEqual([{ messages: ["queued"], reason: "disconnected" }]);
    expect(() => client.send("x")).toThrow(NotConnectedError);
  });

  test("by a fault under pluginErrorPolicy 'disconnect' is retried with that cause", async () => {
    const { clock, connected, told } = rig({
      pluginErrorPolicy: "disconnect",
      plugins: [
        every(10),
        {
          name: "picky",
          onMessage() {
            throw new Error("no such frame");
          },
        },
      ],
    });
    (await connected()).send("x");
    await clock.settle();
    expect(told("error")[0]!.error).toBeInstanceOf(PluginError);
    expect(told("disconnected")).toMatchObject([
      { cause: told("error")[0]!.error, willRetry: true },
    ]);
  });
});

describe("the outage", () => {
  const contexts = (): { readonly plugin: Plugin; readonly seen: unknown[] } => {
    const seen: unknown[] = [];
    return {
      seen,
      plugin: definePlugin({
        name: "watcher",
        nextDelay({ attempt, uptime, elapsed }) {
          seen.push({ attempt, uptime, elapsed });
          return 100;
        },
      }),
    };
  };

  test("goes on while the server flaps: connected for less than stableAfter", async () => {
    const { plugin, seen } = contexts();
    const { clock, connected, server, told } = rig({ stableAfter: 1_000, plugins: [plugin] });
    await connected();
    for (let i = 0; i < 3; i++) {
      await clock.advance(999);
      server.drop();
      await clock.advance(100);
    }
    expect(seen).toEqual([
      { attempt: 1, uptime: 999, elapsed: 0 },
      { attempt: 2, uptime: 999, elapsed: 1_099 },
      { attempt: 3, uptime: 999, elapsed: 2_198 },
    ]);
    expect(told("connected").map(({ attempt }) => attempt)).toEqual([0, 1, 2, 3]);
  });

  test("is over after stableAfter, and the count starts again", async () => {
    const { plugin, seen } = contexts();
    const { clock, connected, server } = rig({ stableAfter: 1_000, plugins: [plugin] });
    await connected();
    server.drop();
    await clock.advance(100);
    await clock.advance(1_000);
    server.drop();
    await clock.settle();
    expect(seen).toEqual([
      { attempt: 1, uptime: 0, elapsed: 0 },
      { attempt: 1, uptime: 1_000, elapsed: 0 },
    ]);
  });

  test("is over at `connected` when stableAfter is 0", async () => {
    const { plugin, seen } = contexts();
    const { clock, connected, server } = rig({ stableAfter: 0, plugins: [plugin] });
    await connected();
    for (let i = 0; i < 2; i++) {
      server.drop();
      await clock.advance(100);
    }
    expect(seen).toMatchObject([{ attempt: 1 }, { attempt: 1 }]);
  });

  test("is forgotten by a connect() after disconnect()", async () => {
    const { client, clock, connected, server, told } = rig({ plugins: [every(10)] });
    await connected();
    server.onDial(fails);
    server.drop();
    await clock.advance(20);
    await client.disconnect();
    watch(client.connect());
    await clock.settle();
    expect(told("reconnectScheduled").map(({ attempt }) => attempt)).toEqual([1, 2, 3, 1]);
    expect(told("error").map(({ attempt }) => attempt)).toEqual([1, 2, 0]);
  });

  test("is forgotten by reconnect() while a dial is under way, which goes on", async () => {
    const { client, clock, server, told } = rig({ plugins: [every(10)] });
    server.script(fails, fails, holds, fails);
    watch(client.connect());
    await clock.advance(20);
    expect(client.state).toEqual({ status: "connecting", attempt: 2 });
    client.reconnect();
    server.dials[2]!.fail("tcp");
    await clock.advance(10);
    expect(told("reconnectScheduled").map(({ attempt }) => attempt)).toEqual([1, 2, 1, 2]);
    expect(server.dials.map(({ attempt }) => attempt)).toEqual([0, 1, 2, 1]);
  });

  test("is forgotten by reconnect() during a handshake, which goes on", async () => {
    const { client, clock, server, told } = rig({
      plugins: [every(10), { name: "auth", handshake: () => new Promise(() => {}) }],
    });
    server.script(fails, fails);
    watch(client.connect());
    await clock.advance(20);
    expect(client.state).toMatchObject({ status: "handshaking", step: "auth" });
    client.reconnect();
    server.drop();
    await clock.settle();
    expect(told("reconnectScheduled").map(({ attempt }) => attempt)).toEqual([1, 2, 1]);
    expect(server.dials).toHaveLength(3);
  });

  test("has an uptime of 0 for an attempt that never connected, also after one that did", async () => {
    const { plugin, seen } = contexts();
    let isWelcome = true;
    const { clock, client, server } = rig({
      stableAfter: 1_000,
      handshakeRetryDelay: 0,
      plugins: [
        plugin,
        {
          name: "auth",
          async handshake() {
            if (!isWelcome) throw new Error("not yet");
          },
        },
      ],
    });
    await clock.advance(500);
    server.script(fails);
    watch(client.connect());
    await clock.advance(100);
    expect(client.isConnected).toBe(true);
    await clock.advance(400);
    isWelcome = false;
    server.script(fails);
    server.drop();
    await clock.advance(200);
    expect(seen).toEqual([
      { attempt: 1, uptime: 0, elapsed: 0 },
      { attempt: 2, uptime: 400, elapsed: 500 },
      { attempt: 3, uptime: 0, elapsed: 600 },
      { attempt: 4, uptime: 0, elapsed: 700 },
    ]);
  });

  test("counts the same everywhere", async () => {
    const seen: unknown[] = [];
    const { client, clock, server, told } = rig({
      url: ({ attempt }) => {
        seen.push(attempt);
        return "ws://server.test/";
      },
      plugins: [
        every(10),
        {
          name: "auth",
          async handshake({ attempt, reconnects }) {
            seen.push([attempt, reconnects]);
          },
        },
      ],
    });
    server.script(fails);
    watch(client.connect());
    await clock.advance(10);
    expect(seen).toEqual([0, 1, [1, 0]]);
    expect(server.dials.map(({ attempt }) => attempt)).toEqual([0, 1]);
    expect(told("connected")[0]!.attempt).toBe(1);
    server.drop();
    await clock.advance(10);
    expect(seen.slice(3)).toEqual([2, [2, 1]]);
  });
});

describe("the judgement of a loss", () => {
  test("may take its time; meanwhile the client waits", async () => {
    const answers: ((retry: boolean) => void)[] = [];
    const { client, clock, connected, names, server } = rig({
      shouldReconnect: () => new Promise<boolean>((resolve) => answers.push(resolve)),
      plugins: [every(10)],
    });
    await connected();
    server.drop();
    await clock.settle();
    expect(client.state).toMatchObject({ status: "waiting", attempt: 1 });
    expect(names.slice(3)).toEqual([]);
    answers[0]!(true);
    await clock.settle();
    expect(names.slice(3)).toEqual(["disconnected", "reconnectScheduled"]);
    await clock.advance(10);
    expect(client.isConnected).toBe(true);
    server.drop();
    await clock.settle();
    answers[1]!(false);
    await clock.settle();
    expect(client.state.status).toBe("closed");
    expect(names.slice(-3)).toEqual(["disconnected", "fatal", "closed"]);
  });

  test("that comes too late changes nothing, and the loss is told all the same", async () => {
    for (const verb of ["reconnect", "disconnect", "close"] as const) {
      const answers: ((retry: boolean) => void)[] = [];
      const { client, clock, connected, server, told } = rig({
        shouldReconnect: () => new Promise<boolean>((resolve) => answers.push(resolve)),
      });
      await connected();
      server.drop();
      await clock.settle();
      const done = client[verb]();
      await clock.settle();
      await done;
      const { status } = client.state;
      answers[0]!(false);
      await clock.settle();
      expect(client.state.status).toBe(status);
      expect(told("disconnected")).toMatchObject([{ willRetry: verb === "reconnect" }]);
      expect(told("fatal")).toEqual([]);
    }
  });

  test("that fails is fatal", async () => {
    for (const shouldReconnect of [
      () => Promise.reject(new Error("oops")),
      () => {
        throw new Error("oops");
      },
    ]) {
      const { client, clock, connected, server, told } = rig({ shouldReconnect });
      await connected();
      server.drop();
      await clock.settle();
      expect(told("fatal")[0]!.error).toMatchObject({
        code: "PLUGIN",
        message: "Plugin 'options' failed in shouldReconnect: oops",
      });
      expect(told("disconnected")).toMatchObject([{ willRetry: false }]);
      expect(client.state.status).toBe("closed");
    }
  });
});

describe("giving up", () => {
  test("when the strategy says so names how often and how long", async () => {
    const { client, clock, server, told } = rig({
      plugins: [
        {
          name: "thrice",
          nextDelay: (context: { readonly attempt: number }) => (context.attempt > 3 ? null : 100),
        },
      ],
    });
    server.onDial(fails);
    watch(client.connect());
    await clock.advance(1_000);
    expect(told("fatal")[0]!.error).toMatchObject({
      code: "RETRIES_EXHAUSTED",
      attempts: 3,
      elapsed: 300,
      cause: { code: "CONNECT", phase: "tcp" },
    });
    expect([server.dials.length, clock.pending]).toEqual([4, 0]);
  });

  test("settles everything and leaves nothing behind", async () => {
    const { client, clock, connected, told } = rig({ plugins: [noRetry], highWaterMark: 1 });
    const peer = await connected();
    peer.slow();
    peer.answersPings = false;
    client.send("on its way");
    client.send("queued");
    const pending = [
      client.sendAsync("waits"),
      client.flush(),
      client.ping(),
      client.ready().then(() => client.run()),
      client.once("lagged"),
    ].map((promise) => watch<unknown>(promise));
    const loop = client.messages();
    const reading = watch(loop.next());
    await clock.settle();
    peer.drop();
    await clock.settle();
    expect(pending.map(({ status }) => status)).toEqual(Array(5).fill("rejected"));
    const { cause } = told("closed")[0]!;
    expect(reading.error).toBe(cause);
    expect(pending[3]!.error).toBe(cause);
    expect(told("dropped")).toEqual([{ messages: ["queued", "waits"], reason: "closed" }]);
    expect(clock.pending).toBe(0);
    expect(() => client.send("x")).toThrow(
      expect.objectContaining({ code: "CLIENT_CLOSED", cause }) as Error,
    );
  });

  test("ends the effort, also one that reconnect() began", async () => {
    const { client, clock, connected, server } = rig();
    await connected();
    client.reconnect();
    await clock.settle();
    server.peer.close(1008, "policy");
    await clock.settle();
    expect([client.state.status, server.dials.length]).toEqual(["closed", 2]);
  });

  test("for a setup that throws comes before any dial", async () => {
    const { client, clock, names, server, states } = rig({
      plugins: [
        {
          name: "broken",
          setup() {
            throw new Error("no storage");
          },
        },
      ],
    });
    const connecting = watch(client.connect());
    await clock.settle();
    expect(connecting.error).toMatchObject({ code: "PLUGIN", plugin: "broken", hook: "setup" });
    expect(names).toEqual(["fatal", "closed"]);
    expect(states).toEqual(["idle", "closed"]);
    expect(server.dials).toEqual([]);
  });

  test("for a strategy that throws or asks for the impossible", async () => {
    for (const nextDelay of [
      () => {
        throw new Error("no luck");
      },
      () => -1,
      () => NaN,
      () => Infinity,
    ]) {
      const { client, clock, server, told } = rig({ plugins: [{ name: "odd", nextDelay }] });
      server.script(fails);
      watch(client.connect());
      await clock.settle();
      expect(told("fatal")).toMatchObject([
        { error: { code: "PLUGIN", plugin: "odd", hook: "nextDelay" } },
      ]);
      expect(told("error")).toEqual([]);
    }
  });
});

describe("setup", () => {
  test("may close the client", async () => {
    const { client, clock, server } = rig({
      plugins: [{ name: "killer", setup: ({ client: own }) => void own.close() }],
    });
    const connecting = watch(client.connect());
    await clock.settle();
    expect([connecting.status, client.state.status]).toEqual(["rejected", "closed"]);
    expect(server.dials).toEqual([]);
  });

  test("may connect it: there is one dial", async () => {
    const { client, clock, server } = rig({
      plugins: [{ name: "eager", setup: ({ client: own }) => void own.connect() }],
    });
    watch(client.connect());
    await clock.settle();
    expect([client.isConnected, server.dials.length]).toEqual([true, 1]);
  });
});

describe("receiveTimeout", () => {
  test("ends a silent connection, which is retried", async () => {
    const { clock, client, connected, told } = rig({ receiveTimeout: 1_000, plugins: [every(10)] });
    await connected();
    await clock.advance(999);
    expect(client.isConnected).toBe(true);
    await clock.advance(1);
    const [{ cause } = {}] = told("disconnected");
    expect(cause).toBeInstanceOf(IdleTimeoutError);
    expect(cause!.message).toBe("Nothing was received for 1000 ms");
    await clock.advance(10);
    expect(client.isConnected).toBe(true);
  });

  test.each(["message", "ping", "pong"] as const)("takes a %s for life", async (kind) => {
    const { clock, client, connected } = rig({ receiveTimeout: 1_000 });
    const peer = await connected();
    for (let i = 0; i < 4; i++) {
      await clock.advance(900);
      if (kind === "message") peer.send("x");
      else peer[kind]();
    }
    expect(client.isConnected).toBe(true);
    // Within a quarter more of its time.
    await clock.advance(1_250);
    expect(client.isConnected).toBe(false);
  });

  test("rests while a slow reader has paused receiving", async () => {
    const { clock, client, connected } = rig({ receiveTimeout: 1_000 });
    const peer = await connected();
    const reader = client.messages({ highWaterMark: 1 });
    watch(reader.next());
    peer.send("one");
    peer.send("two");
    expect(peer.paused).toBe(true);
    await clock.advance(10_000);
    expect(client.isConnected).toBe(true);
    await reader.return!();
    await clock.advance(1_250);
    expect(client.isConnected).toBe(false);
  });

  test("is off by default, and rests while the client closes", async () => {
    const off = rig();
    await off.connected();
    await off.clock.advance(1e9);
    expect(off.client.isConnected).toBe(true);
    const { clock, client, connected, names } = rig({ receiveTimeout: 10, closeTimeout: 500 });
    (await connected()).halfOpen();
    watch(client.close());
    await clock.advance(499);
    expect(names).not.toContain("closed");
    await clock.advance(1);
    expect(names.at(-1)).toBe("closed");
  });
});

describe("always", () => {
  test("at most one socket is alive, and every promise is settled, whatever is called when", async () => {
    const verbs = ["connect", "reconnect", "disconnect", "drop", "refuse", "advance", "abort"];
    verbs.push("ready", "run", "send", "deafen", "listen");
    for (let seed = 1; seed <= 60; seed++) {
      let state = seed;
      const next = (below: number): number => {
        state = (state * 48_271) % 2_147_483_647;
        return state % below;
      };
      const { client, clock, server, told } = rig({ plugins: [every(5)], closeTimeout: 20 });
      let abort = new AbortController();
      const calls: Outcome<unknown>[] = [];
      for (let step = 0; step < 60; step++) {
        switch (verbs[next(verbs.length)]) {
          case "connect":
            abort = new AbortController();
            calls.push(watch(client.connect({ signal: abort.signal })));
            break;
          case "ready":
            calls.push(watch(client.ready()));
            break;
          case "run":
            calls.push(watch(client.run()));
            break;
          case "send":
            calls.push(watch(client.sendAsync("x")), watch(client.flush()), watch(client.ping()));
            break;
          case "deafen":
            if (server.peers.length > 0) server.peer.halfOpen();
            break;
          case "listen": {
            const verb = (["connect", "reconnect", "disconnect"] as const)[next(3)]!;
            const off = client.on("state", () => {
              off();
              calls.push(watch((async () => client[verb]())()));
            });
            break;
          }
          case "reconnect":
            client.reconnect();
            break;
          case "disconnect":
            calls.push(watch(client.disconnect()));
            break;
          case "drop":
            server.drop();
            break;
          case "refuse":
            server.script(next(2) === 0 ? fails : holds);
            break;
          case "abort":
            abort.abort();
            break;
          default:
            await clock.advance(next(12));
        }
        if (next(3) === 0) await clock.settle();
      }
      const closing = watch(client.close());
      await clock.advance(100);
      expect([server.maxLive <= 1, server.live, client.state.status]).toEqual([true, 0, "closed"]);
      expect(told("connected").length).toBe(told("disconnected").length);
      expect([closing, ...calls].filter(({ status }) => status === "pending")).toEqual([]);
      expect(clock.pending).toBe(0);
    }
  });

  test("callbacks of an older connection are ignored", async () => {
    const { client, clock, connected, names, server, told } = rig({ plugins: [every(10)] });
    const old = await connected();
    server.drop();
    await clock.advance(10);
    const before = [...names];
    old.listener.onMessage("ghost");
    old.listener.onOpen({ protocol: "", extensions: "" });
    old.listener.onDrain();
    old.listener.onPong(new Uint8Array());
    old.listener.onActivity();
    old.listener.onClose({ code: 1008, reason: "", wasClean: true });
    await clock.settle();
    expect(names).toEqual(before);
    expect(told("message")).toEqual([]);
    expect(client.isConnected).toBe(true);
    expect(client.snapshot().messagesReceived).toBe(0);
  });

  test("the last call counts, also when a listener makes it", async () => {
    const { client, clock, connected, server } = rig();
    await connected();
    const off = client.on("state", () => {
      off();
      watch(client.disconnect());
    });
    client.reconnect();
    await clock.settle();
    expect([client.state.status, server.dials.length]).toEqual(["idle", 1]);
  });

  test("nothing dials after close(), whoever called it from where", async () => {
    const first = rig();
    await first.connected();
    const off = first.client.on("state", () => {
      off();
      watch(first.client.close());
    });
    first.client.reconnect();
    await first.clock.settle();
    expect([first.client.state.status, first.server.dials.length]).toEqual(["closed", 1]);
    let setups = 0;
    const second = rig({
      plugins: [
        noRetry,
        {
          name: "killer",
          setup({ client }) {
            if (++setups === 2) watch(client.close());
          },
        },
      ],
    });
    second.server.script(fails);
    watch(second.client.connect());
    await second.clock.settle();
    const again = watch(second.client.connect());
    await second.clock.settle();
    expect([setups, again.status, second.server.dials.length]).toEqual([2, "rejected", 1]);
    expect(second.client.state.status).toBe("closed");
  });

  test("a listener that throws breaks nothing, and shows as an uncaught exception", async () => {
    const events: readonly (keyof ClientEvents)[] = [
      "connecting",
      "open",
      "state",
      "connected",
      "message",
      "disconnected",
      "reconnectScheduled",
      "shutdown",
      "closed",
    ];
    const later: string[] = [];
    const uncaught = await collectUncaught(async () => {
      const { client, clock, connected, server, told } = rig({ plugins: [every(10)] });
      for (const event of events) {
        client.on(event, () => {
          throw new Error(event);
        });
        client.on(event, () => later.push(event));
      }
      const peer = await connected();
      peer.send("x");
      await clock.settle();
      server.drop();
      await clock.advance(10);
      await client.close();
      await clock.settle();
      expect(told("error")).toEqual([]);
    });
    expect(new Set(later)).toEqual(new Set(events));
    expect(uncaught.map((error) => error.message).toSorted()).toEqual(later.toSorted());
  });

  test("no timer is left after close", async () => {
    const { client, clock, server } = rig({
      receiveTimeout: 1_000,
      sendQueue: { maxAge: 5_000 },
      plugins: [every(10)],
    });
    client.send("waits");
    watch(client.connect());
    await clock.settle();
    watch(client.once("lagged", { timeout: 9_000 }));
    watch(client.ping());
    server.peer.answersClose = false;
    watch(client.close({ timeout: 10 }));
    await clock.advance(10);
    expect(clock.pending).toBe(0);
  });

  test("`closed` is last: what observers and teardowns do wrong at the end is told before", async () => {
    const { client, connected, names, told } = rig({
      plugins: [
        {
          name: "messy",
          setup: () => () => {
            throw new Error("teardown");
          },
          onStateChange({ to }) {
            if (to.status === "closed") throw new Error("observer");
          },
        },
      ],
    });
    await connected();
    await client.close();
    expect(names.slice(-4)).toEqual(["disconnected", "error", "error", "closed"]);
    expect(told("error").map(({ error }) => error.message)).toEqual([
      "Plugin 'messy' failed in onStateChange: observer",
      "Plugin 'messy' failed in teardown: teardown",
    ]);
  });

  test("what goes wrong after `closed` is counted, and neither told nor thrown", async () => {
    let report: (error: unknown) => void = () => {};
    const { client, clock, connected, names } = rig({
      plugins: [
        {
          name: "late",
          onStateChange: ({ to }) => fail(to.status === "closed") as unknown as void,
          setup(context) {
            report = (error) => context.report(error);
          },
        },
      ],
    });
    await connected();
    await client.close();
    await clock.settle();
    expect(client.snapshot().lastError?.message).toBe(
      "Plugin 'late' failed in onStateChange: too late",
    );
    report(new Error("even later"));
    await clock.settle();
    expect(client.snapshot()).toMatchObject({ errorCount: 2, status: "closed" });
    expect(names.at(-1)).toBe("closed");
    expect(names).not.toContain("error");
  });

  test("an observer of errors that throws is not told of its own error", async () => {
    const seen: string[] = [];
    const { client, clock, server, told } = rig({
      plugins: [
        every(10),
        {
          name: "clumsy",
          onError({ error }) {
            seen.push(error.code);
            throw new Error("again");
          },
        },
      ],
    });
    server.script(fails);
    watch(client.connect());
    await clock.advance(10);
    expect(seen).toEqual(["CONNECT"]);
    expect(told("error").map(({ error }) => error.code)).toEqual(["CONNECT", "PLUGIN"]);
  });
});

async function fail(fails: boolean): Promise<void> {
  if (fails) throw new Error("too late");
}

/** Runs something, and catches what would be uncaught exceptions of the process. */
async function collectUncaught(run: () => Promise<void>): Promise<Error[]> {
  const uncaught: Error[] = [];
  const enqueue = queueMicrotask;
  vi.stubGlobal("queueMicrotask", (task: () => void) =>
    enqueue(() => {
      try {
        task();
      } catch (error) {
        uncaught.push(error as Error);
      }
    }),
  );
  try {
    await run();
  } finally {
    vi.unstubAllGlobals();
  }
  return uncaught;
}

describe("a hook that is asked about a loss", () => {
  const asked = ["shouldReconnect", "nextDelay", "adjustDelay"] as const;

  test.each(
    asked.flatMap((hook) => [[hook, "connected"] as const, [hook, "handshaking"] as const]),
  )("%s may close the client that was %s, and nothing is dialled any more", async (hook, when) => {
    const { client, clock, server, names } = rig({
      plugins: [
        {
          name: "closer",
          [hook]: () => {
            watch(client.close());
            return hook === "nextDelay" ? 5 : undefined;
          },
        },
        when === "handshaking" && { name: "slow", handshake: () => new Promise(() => {}) },
      ],
    });
    watch(client.connect());
    await clock.settle();
    server.drop();
    await clock.advance(100_000);
    expect(client.state.status).toBe("closed");
    expect([server.dials.length, server.live, clock.pending]).toEqual([1, 0, 0]);
    expect(names.at(-1)).toBe("closed");
  });

  test("may disconnect, which leads to idle, or reconnect, which dials at once", async () => {
    for (const verb of ["disconnect", "reconnect"] as const) {
      let isFirst = true;
      const { client, clock, connected, server } = rig({
        plugins: [
          {
            name: "meddler",
            nextDelay: () => {
              if (isFirst) watch(Promise.resolve(client[verb]()));
              isFirst = false;
              return 1_000;
            },
          },
        ],
      });
      await connected();
      server.peer.drop();
      await clock.settle();
      expect(client.state.status).toBe(verb === "disconnect" ? "idle" : "connected");
      await clock.advance(100_000);
      expect(server.dials).toHaveLength(verb === "disconnect" ? 1 : 2);
    }
  });

  test("may answer with a promise of a make that throws: the client gives up and says so", async () => {
    const thenable = {
      // oxlint-disable-next-line unicorn/no-thenable -- what is to be found out
      then() {
        throw new Error("no such promise");
      },
    };
    const { client, clock, connected, server } = rig({
      plugins: [{ name: "odd", shouldReconnect: () => thenable as never }],
    });
    await connected();
    server.drop();
    await clock.settle();
    expect(client.state).toMatchObject({ status: "closed", cause: { hook: "shouldReconnect" } });
  });

  test.each(["nextDelay", "adjustDelay"] as const)(
    "%s that is async by mistake is told, and its rejection is not an unhandled one",
    async (hook) => {
      const { client, clock, connected, server } = rig({
        plugins: [{ name: "late", [hook]: () => Promise.reject(new Error("late")) }],
      });
      await connected();
      server.drop();
      await clock.settle();
      expect(client.state).toMatchObject({
        status: "closed",
        cause: {
          plugin: "late",
          hook,
          cause: { message: "an object is not a delay in milliseconds" },
        },
      });
    },
  );
});

test("a setup that throws leaves nothing of what another setup dialled", async () => {
  const { client, clock, server } = rig({
    plugins: [
      { name: "eager", setup: ({ client: mine }) => void watch(mine.connect()) },
      {
        name: "broken",
        setup() {
          throw new Error("broken");
        },
      },
    ],
  });
  watch(client.connect());
  await clock.settle();
  expect(client.state).toMatchObject({ status: "closed", cause: { plugin: "broken" } });
  expect([server.live, clock.pending]).toEqual([0, 0]);
});

test("a teardown that rejects is a fault, not an unhandled rejection", async () => {
  const { client, clock, connected } = rig({
    plugins: [{ name: "late", setup: () => () => Promise.reject(new Error("late")) }],
  });
  await connected();
  watch(client.close());
  await clock.settle();
  expect(client.snapshot().lastError).toMatchObject({ plugin: "late", hook: "teardown" });
});
