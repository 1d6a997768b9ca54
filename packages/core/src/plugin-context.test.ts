import { describe, expect, test, vi } from "vitest";
import {
  ClientClosedError,
  ConnectionLostError,
  HandshakeRejectedError,
  HandshakeTimeoutError,
  IdleTimeoutError,
  NotConnectedError,
  UnsupportedError,
  type Extension,
  type HandshakeSession,
  type Message,
  type PluginContext,
} from "./index.ts";
import { Ear } from "./ear.ts";
import { rig, watch, type Rig, type RigOptions } from "./test-kit.ts";
import type { MemoryPeer } from "./testing/index.ts";

/** A rig with a plugin whose context the test may use. */
interface Inside extends Rig {
  readonly context: PluginContext;
}
function inside(options: RigOptions & { readonly keeper?: Partial<Extension> } = {}): Inside {
  const { keeper, plugins = [], ...rest } = options;
  let context: PluginContext | undefined;
  const made = rig({
    ...rest,
    plugins: [
      {
        name: "keeper",
        ...keeper,
        setup(given) {
          context = given;
        },
      },
      plugins,
    ],
  });
  return Object.defineProperty(made as Rig & { context: PluginContext }, "context", {
    get: () => context,
  });
}
const ask = (question: string) => async (session: HandshakeSession) => {
  session.send(question);
  return session.receive((message) => String(message).startsWith(question));
};

describe("the context", () => {
  test("is the client from inside", async () => {
    const random = (): number => 0.25;
    const kit = inside({ random });
    await kit.connected();
    const { client, clock, context } = kit;
    expect(context.client).toBe(client);
    expect(context.clock).toBe(clock);
    expect(context.random).toBe(random);
    expect(context.canPing).toBe(true);
  });

  test("counts the frames of any kind received on this connection", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const before = kit.context.received;
    // The server's answer to the opening handshake.
    expect(before).toBe(1);
    peer.send("message");
    peer.ping();
    peer.pong();
    expect(kit.context.received - before).toBe(3);
    kit.server.drop();
    await kit.clock.settle();
    expect(kit.context.received).toBe(0);
    await kit.clock.advance(1000);
    expect(kit.context.received).toBe(before);
  });

  test.each(["send", "ping", "pong"] as const)(
    "tells of the next frame once, when it has been dealt with: %s",
    async (act) => {
      const kit = inside();
      const peer = await kit.connected();
      const told: unknown[] = [];
      kit.client.on("message", (message) => told.push(message));
      kit.context.onNextFrame(() => told.push("first", kit.context.received));
      const guest = { name: "guest", setup: (given: PluginContext) => void (other = given) };
      let other: PluginContext | undefined;
      kit.client.use(guest);
      other?.onNextFrame(() => told.push("forgotten"));
      other?.onNextFrame(() => told.push("second"));
      const dealt = act === "send" ? ["news"] : [];
      for (let i = 0; i < 2; i++) peer[act]("news" as string & Uint8Array);
      expect(told).toEqual([...dealt, "first", 2, "second", ...dealt]);
      kit.context.onNextFrame(() => told.push("third"));
      peer.ping();
      expect(told.at(-1)).toBe("third");
    },
  );

  test("keeps nothing of the frames that it has told of", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const told = vi.fn<() => void>();
    for (let frame = 0; frame < 15_000; frame++) {
      kit.context.onNextFrame(told);
      peer.pong();
    }
    expect(told).toHaveBeenCalledTimes(15_000);
  });

  test("piles up nothing while no frame comes, and tells of it once", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const heard = vi.spyOn(Ear.prototype, "heard");
    const told: number[] = [];
    for (let call = 0; call < 15_000; call++) kit.context.onNextFrame(() => told.push(call));
    for (let frame = 0; frame < 2; frame++) peer.pong();
    expect(told).toEqual([14_999]);
    expect(heard).toHaveBeenCalledTimes(1);
    heard.mockRestore();
  });

  test("tells nobody more of the frame once somebody who was told has ended the connection", async () => {
    const told = vi.fn<() => void>();
    let guest: PluginContext | undefined;
    const kit = inside({ plugins: [{ name: "guest", setup: (given) => void (guest = given) }] });
    const peer = await kit.connected();
    kit.context.onNextFrame(() => kit.context.fail("enough"));
    guest?.onNextFrame(told);
    peer.ping();
    await kit.clock.advance(1000);
    expect(kit.client.isConnected).toBe(true);
    kit.server.peer.ping();
    expect(told).not.toHaveBeenCalled();
  });

  test("listens to no connection that is not open yet", async () => {
    const early = vi.fn<() => void>();
    const told = vi.fn<() => void>();
    const kit = inside({
      plugins: [{ name: "guest", setup: (given) => given.onNextFrame(early) }],
    });
    kit.server.script((dial) => {
      kit.context.onNextFrame(early);
      dial.accept();
    });
    const peer = await kit.connected();
    peer.send("first");
    expect(early).not.toHaveBeenCalled();
    kit.context.onNextFrame(told);
    peer.send("second");
    expect(told).toHaveBeenCalledTimes(1);
  });

  test("tells of no frame of another connection, nor of one that ended the connection", async () => {
    const kit = inside();
    const told = vi.fn<() => void>();
    const peer = await kit.connected();
    kit.client.on("message", () => kit.context.fail("enough"));
    kit.context.onNextFrame(told);
    peer.send("the end");
    await kit.clock.settle();
    kit.context.onNextFrame(told);
    await kit.clock.advance(1000);
    kit.server.peer.ping();
    expect(kit.client.isConnected).toBe(true);
    expect(told).not.toHaveBeenCalled();
  });

  test("reports a task that throws at a frame, and tells nobody after teardown", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const { context } = kit;
    const told = vi.fn<() => void>();
    const errors: unknown[] = [];
    kit.client.on("error", ({ error }) => errors.push(error));
    context.onNextFrame(() => {
      throw new Error("no");
    });
    kit.client.use({ name: "other", setup: (given) => given.onNextFrame(told) });
    peer.ping();
    expect(errors).toMatchObject([{ plugin: "keeper", hook: "onNextFrame" }]);
    expect(told).toHaveBeenCalledTimes(1);
    let guest: PluginContext | undefined;
    const remove = kit.client.use({ name: "guest", setup: (given) => void (guest = given) });
    guest?.onNextFrame(told);
    remove();
    peer.ping();
    expect(told).toHaveBeenCalledTimes(1);
    expect(() => guest?.onNextFrame(told)).toThrow(ClientClosedError);
    expect(kit.client.isConnected).toBe(true);
  });

  test("refuses to listen for a plugin that begins to when it is gone", async () => {
    const kit = inside();
    await kit.connected();
    let guest: PluginContext | undefined;
    const remove = kit.client.use({ name: "guest", setup: (given) => void (guest = given) });
    remove();
    expect(() => guest?.onNextFrame(() => {})).toThrow(ClientClosedError);
    expect(() => guest?.ping(() => {})).toThrow(ClientClosedError);
  });

  test("pings, and tells the round trip as the answer comes, of the last ping only", async () => {
    const kit = inside();
    const peer = await kit.connected();
    peer.answersPings = false;
    const trips: unknown[] = [];
    kit.context.ping((rtt) => trips.push(["given up", rtt]));
    await kit.clock.advance(10);
    kit.context.ping((rtt) => trips.push(rtt));
    const client = watch(kit.client.ping());
    expect(new Set(peer.pings.map(String)).size).toBe(3);
    await kit.clock.advance(25);
    peer.pong(peer.pings[0]);
    expect(trips).toEqual([]);
    peer.pong(peer.pings[1]);
    expect(trips).toEqual([25]);
    peer.pong(peer.pings[1]);
    expect(trips).toEqual([25]);
    expect(client.status).toBe("pending");
  });

  test("who pings anew on hearing of another's answer is told of the new ping's alone", async () => {
    const kit = inside();
    const peer = await kit.connected();
    peer.answersPings = false;
    let guest: PluginContext | undefined;
    kit.client.use({ name: "guest", setup: (given) => void (guest = given) });
    const trips: unknown[] = [];
    kit.context.ping(() => guest?.ping((rtt) => trips.push(["anew", rtt])));
    guest?.ping((rtt) => trips.push(["before", rtt]));
    await kit.clock.advance(25);
    peer.pong(peer.pings[1]);
    expect(trips).toEqual([]);
    await kit.clock.advance(5);
    peer.pong(peer.pings[2]);
    expect(trips).toEqual([["anew", 5]]);
  });

  test("whoever hears from the signal that the plugin is gone cannot ping any more", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const errors: unknown[] = [];
    const setup = (given: PluginContext): void => {
      given.onNextFrame(() => {});
      given.signal.addEventListener("abort", () => {
        try {
          given.ping(() => {});
        } catch (error) {
          errors.push(error);
        }
      });
    };
    kit.client.use({ name: "guest", setup })();
    expect(errors).toEqual([expect.any(ClientClosedError)]);
    expect(peer.pings).toEqual([]);
  });

  test("a ping of a lost connection is forgotten, and so is one of a plugin that is gone", async () => {
    const kit = inside();
    const told = vi.fn<() => void>();
    const peer = await kit.connected();
    peer.answersPings = false;
    let guest: PluginContext | undefined;
    const remove = kit.client.use({ name: "guest", setup: (given) => void (guest = given) });
    guest?.ping(told);
    remove();
    peer.pong(peer.pings[0]);
    expect(() => guest?.ping(told)).toThrow(ClientClosedError);
    kit.context.ping(told);
    kit.server.drop();
    expect(() => kit.context.ping(told)).toThrow(NotConnectedError);
    await kit.clock.advance(1000);
    kit.server.peer.pong(peer.pings[1]);
    expect(kit.client.isConnected).toBe(true);
    expect(told).not.toHaveBeenCalled();
  });

  test("cannot ping over a transport that has none; one who is told of an answer may throw", async () => {
    const without = inside({ transport: { ping: false } });
    await without.connected();
    expect(() => without.context.ping(() => {})).toThrow(UnsupportedError);
    const kit = inside();
    await kit.connected();
    const errors: unknown[] = [];
    kit.client.on("error", ({ error }) => errors.push(error));
    kit.context.ping(() => {
      throw new Error("no");
    });
    await kit.clock.settle();
    expect(errors).toMatchObject([{ plugin: "keeper", hook: "ping" }]);
    expect(kit.client.isConnected).toBe(true);
  });

  test("says whether the transport can ping, and only while connected", async () => {
    const without = inside({ transport: { ping: false } });
    await without.connected();
    expect(without.context.canPing).toBe(false);
    const kit = inside();
    await kit.connected();
    kit.server.drop();
    await kit.clock.settle();
    expect(kit.context.canPing).toBe(false);
  });

  test("says whether receiving is paused", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const reader = kit.client.messages({ highWaterMark: 1 });
    void reader.next();
    expect(kit.context.paused).toBe(false);
    peer.send("1");
    peer.send("2");
    expect(kit.context.paused).toBe(true);
  });

  test("aborts its signal at teardown", async () => {
    const kit = inside();
    await kit.connected();
    const { signal } = kit.context;
    expect(signal.aborted).toBe(false);
    watch(kit.client.close());
    await kit.clock.settle();
    expect(signal.aborted).toBe(true);
    expect(signal.reason).toBeInstanceOf(ClientClosedError);
  });
});

describe("probe and report", () => {
  test("call every plugin's onProbe", async () => {
    const onProbe = vi.fn<() => void>();
    const kit = inside({ keeper: { onProbe }, plugins: [{ name: "b", onProbe }] });
    await kit.connected();
    kit.context.probe();
    expect(onProbe).toHaveBeenCalledTimes(2);
  });

  test("raise error with a PluginError", async () => {
    const kit = inside();
    await kit.connected();
    const failure = new Error("odd");
    kit.context.report(failure);
    expect(kit.told("error")).toMatchObject([
      { error: { code: "PLUGIN", plugin: "keeper", cause: failure } },
    ]);
    expect(kit.client.isConnected).toBe(true);
  });
});

describe("fail", () => {
  test("terminates the connection, judged and retried like any loss", async () => {
    const kit = inside();
    await kit.connected();
    const cause = new IdleTimeoutError({ code: 1006, reason: "", wasClean: false });
    kit.context.fail(cause);
    expect(kit.client.state).toMatchObject({ status: "waiting", cause });
    expect(kit.server.live).toBe(0);
    expect(kit.told("disconnected")[0]).toMatchObject({ cause, willRetry: true });
  });

  test("with a fatal cause gives up", async () => {
    const kit = inside();
    await kit.connected();
    kit.context.fail(new HandshakeRejectedError("no more"));
    expect(kit.client.state.status).toBe("closed");
  });

  test.each([new Error("odd"), "odd", undefined, null])(
    "with what is no cause of a loss is a PluginError: %s",
    async (cause) => {
      const kit = inside();
      await kit.connected();
      kit.context.fail(cause);
      expect(kit.client.state).toMatchObject({
        status: "waiting",
        cause: { code: "PLUGIN", plugin: "keeper", hook: "fail", cause },
      });
    },
  );

  test("that comes late does not harm the next dial", async () => {
    const kit = inside();
    await kit.connected();
    kit.server.onDial(() => {});
    kit.server.drop();
    await kit.clock.advance(1000);
    expect(kit.client.state.status).toBe("connecting");
    kit.context.fail(new Error("stale"));
    expect(kit.client.state.status).toBe("connecting");
  });
});

test("fail of a plugin that was removed does nothing", async () => {
  let context: PluginContext | undefined;
  const { client, connected } = rig();
  await connected();
  client.use({ name: "guest", setup: (given) => void (context = given) })();
  context?.fail(new Error("left behind"));
  expect(client.isConnected).toBe(true);
});

describe("an exchange", () => {
  test("speaks with the server on the live connection; what nobody claims goes to the application", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const answer = watch(kit.context.exchange(ask("time?")));
    expect(peer.received).toEqual(["time?"]);
    peer.send("news");
    peer.send("time? noon");
    peer.send("more");
    await kit.clock.settle();
    expect(answer.value).toBe("time? noon");
    expect(kit.told("message")).toEqual(["news", "more"]);
  });

  test("has the same session as the first handshake had", async () => {
    const sessions: HandshakeSession[] = [];
    const kit = inside({
      protocols: ["v2"],
      keeper: { handshake: async (session) => void sessions.push(session) },
    });
    await kit.connected();
    kit.server.drop();
    await kit.clock.advance(1000);
    await kit.context.exchange(async (session) => void sessions.push(session));
    const [, second, live] = sessions;
    for (const session of [second, live]) {
      expect(session).toMatchObject({ connectionId: 2, attempt: 1, reconnects: 1, protocol: "v2" });
    }
    expect(live?.metadata).toBe(second?.metadata);
  });

  test("waits for connected", async () => {
    const kit = inside();
    await kit.connected();
    kit.server.drop();
    await kit.clock.settle();
    const run = vi.fn<() => Promise<string>>(async () => "done");
    const exchange = watch(kit.context.exchange(run));
    await kit.clock.settle();
    expect(run).not.toHaveBeenCalled();
    await kit.clock.advance(1000);
    expect(exchange.value).toBe("done");
  });

  test("waits on when the next connection is gone at once", async () => {
    const kit = inside();
    await kit.connected();
    kit.server.drop();
    const exchange = watch(kit.context.exchange(async ({ connectionId }) => connectionId));
    const off = kit.client.on("connected", () => {
      off();
      kit.context.fail(new Error("not this one"));
    });
    await kit.clock.advance(1000);
    expect(exchange.status).toBe("pending");
    await kit.clock.advance(2000);
    expect(exchange.value).toBe(3);
  });

  test("sends ahead of the queue", async () => {
    const kit = inside({ highWaterMark: 1 });
    const peer = await kit.connected();
    peer.slow();
    kit.client.send("1");
    kit.client.send("2");
    const exchange = watch(kit.context.exchange(async (session) => session.send("first")));
    await kit.clock.settle();
    peer.flow();
    expect(exchange.status).toBe("resolved");
    expect(peer.received).toEqual(["1", "first", "2"]);
  });

  test("passes every onSend and onMessage, the plugin's own included", async () => {
    const kit = inside({
      plugins: [
        {
          name: "codec",
          onSend: (message) => `<${String(message)}>`,
          onMessage: (message) => String(message).slice(1, -1),
        },
      ],
    });
    const peer = await kit.connected();
    const answer = watch(kit.context.exchange(ask("who")));
    expect(peer.received).toEqual(["<who>"]);
    peer.send("<who me>");
    await kit.clock.settle();
    expect(answer.value).toBe("who me");
  });

  test("may claim the answers that arrive together, however many", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const read = async (session: HandshakeSession): Promise<Message> => session.receive();
    const claimed = watch(
      kit.context.exchange(async (session) => {
        const all: Message[] = [];
        while (all.length < 20) all.push(await read(session));
        return all;
      }),
    );
    for (let i = 0; i < 25; i++) peer.send(String(i));
    await kit.clock.settle();
    await kit.clock.settle();
    expect(claimed.value).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
    expect(kit.told("message")).toEqual(["20", "21", "22", "23", "24"]);
  });

  test.each([
    ["is lost", (_: Inside, peer: MemoryPeer): void => peer.drop()],
    ["is given up", ({ context }: Inside): void => context.fail("odd")],
  ])(
    "takes nothing from the application when the connection %s right behind the answer",
    async (_, end) => {
      const kit = inside();
      const peer = await kit.connected();
      watch(kit.context.exchange(ask("q")));
      const log: unknown[] = [];
      kit.client.on("message", (message) => log.push(message));
      kit.client.on("disconnected", () => log.push("(gone)"));
      peer.send("q yes");
      peer.send("news");
      end(kit, peer);
      await kit.clock.settle();
      expect(log).toEqual(["news", "(gone)"]);
    },
  );

  test("with hold lets application messages wait", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const exchange = watch(kit.context.exchange(ask("auth"), { hold: true }));
    expect(kit.client.send("order")).toBe("queued");
    expect(peer.received).toEqual(["auth"]);
    peer.send("auth ok");
    await kit.clock.settle();
    expect(exchange.status).toBe("resolved");
    expect(peer.received).toEqual(["auth", "order"]);
  });

  test("without hold does not", async () => {
    const kit = inside();
    const peer = await kit.connected();
    watch(kit.context.exchange(ask("auth")));
    expect(kit.client.send("order")).toBe("sent");
    expect(peer.received).toEqual(["auth", "order"]);
  });

  test("with hold lets go when it fails, and others hold on", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const failing = watch(kit.context.exchange(ask("a"), { hold: true, timeout: 10 }));
    const other = watch(kit.context.exchange(ask("b"), { hold: true }));
    kit.client.send("order");
    await kit.clock.advance(10);
    expect(failing.error).toBeInstanceOf(HandshakeTimeoutError);
    expect(peer.received).toEqual(["a", "b"]);
    peer.send("b ok");
    await kit.clock.settle();
    expect(other.status).toBe("resolved");
    expect(peer.received).toEqual(["a", "b", "order"]);
  });

  test("rejects with HandshakeTimeoutError after its own timeout, the plugin's or the client's", async () => {
    for (const [timeout, keeper, options, expected] of [
      [30, { handshakeTimeout: 20 }, { handshakeTimeout: 10 }, 30],
      [undefined, { handshakeTimeout: 20 }, { handshakeTimeout: 10 }, 20],
      [undefined, {}, { handshakeTimeout: 10 }, 10],
    ] as const) {
      const kit = inside({ ...options, keeper });
      await kit.connected();
      const exchange = watch(kit.context.exchange(ask("?"), { timeout }));
      await kit.clock.advance(expected - 1);
      expect(exchange.status).toBe("pending");
      await kit.clock.advance(1);
      expect(exchange.error).toBeInstanceOf(HandshakeTimeoutError);
      expect((exchange.error as Error).message).toBe(
        `Handshake 'keeper' timed out after ${expected} ms`,
      );
      expect(kit.client.isConnected).toBe(true);
    }
  });

  test("refuses a timeout that is none", async () => {
    const kit = inside();
    await kit.connected();
    const run = vi.fn<() => Promise<never>>(() => new Promise(() => {}));
    const exchange = watch(kit.context.exchange(run, { timeout: NaN }));
    await kit.clock.settle();
    expect(exchange.error).toMatchObject({ code: "CONFIGURATION" });
    expect(run).not.toHaveBeenCalled();
  });

  test("has no deadline with a timeout of 0", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const exchange = watch(kit.context.exchange(ask("?"), { timeout: 0 }));
    await kit.clock.advance(1e9);
    expect(exchange.status).toBe("pending");
    peer.send("?!");
    await kit.clock.settle();
    expect(exchange.status).toBe("resolved");
  });

  test("has a deadline that counts from connected and rests while receiving is paused", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const reader = kit.client.messages({ highWaterMark: 1 });
    void reader.next();
    peer.send("1");
    peer.send("2");
    const exchange = watch(kit.context.exchange(ask("?"), { timeout: 10 }));
    await kit.clock.advance(100);
    expect(exchange.status).toBe("pending");
    void reader.next();
    await kit.clock.advance(10);
    expect(exchange.error).toBeInstanceOf(HandshakeTimeoutError);
  });

  test.each(["closes", "drops"])("rejects when the server %s", async (how) => {
    const kit = inside();
    const peer = await kit.connected();
    const waiting = watch(kit.context.exchange(ask("?")));
    const busy = watch(kit.context.exchange(() => new Promise(() => {})));
    if (how === "closes") peer.close(4000, "bye");
    else peer.drop();
    await kit.clock.settle();
    for (const { error } of [waiting, busy]) {
      expect(error).toBeInstanceOf(ConnectionLostError);
      expect((error as ConnectionLostError).close.code).toBe(how === "closes" ? 4000 : 1006);
    }
  });

  test("may judge the close of the connection", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const refusal = new HandshakeRejectedError("refused");
    const exchange = watch(
      kit.context.exchange(async (session) => {
        try {
          await session.receive();
        } catch (error) {
          throw (error as ConnectionLostError).close.code === 4401 ? refusal : error;
        }
      }),
    );
    peer.close(4401);
    await kit.clock.settle();
    expect(exchange.error).toBe(refusal);
  });

  test("may say what it was answered, although the close came in the same turn", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const answered = watch(
      kit.context.exchange(async (session) => {
        const answer = await session.receive();
        await Promise.resolve();
        return answer;
      }),
    );
    peer.send("no");
    peer.close(1008);
    await kit.clock.settle();
    expect(answered).toMatchObject({ status: "resolved", value: "no" });
    expect(kit.told("fatal")[0]?.error).toMatchObject({ close: { code: 1008 } });
  });

  test("is over soon after the connection, whatever it waits for then", async () => {
    const kit = inside();
    const peer = await kit.connected();
    const exchange = watch(
      kit.context.exchange(async (session) => {
        await session.receive().catch(() => {});
        await new Promise(() => {});
      }),
    );
    peer.drop();
    await kit.clock.settle();
    expect(exchange.error).toBeInstanceOf(ConnectionLostError);
  });

  test("rejects with signal.reason, before, while waiting for connected and under way", async () => {
    const reason = new Error("enough");
    const kit = inside();
    await kit.connected();
    const run = vi.fn<(session: HandshakeSession) => Promise<Message>>(ask("?"));
    const before = watch(kit.context.exchange(run, { signal: AbortSignal.abort(reason) }));
    const abort = new AbortController();
    const underWay = watch(kit.context.exchange(ask("?"), { signal: abort.signal }));
    abort.abort(reason);
    await kit.clock.settle();
    expect(before.error).toBe(reason);
    expect(run).not.toHaveBeenCalled();
    expect(underWay.error).toBe(reason);
    kit.server.drop();
    await kit.clock.settle();
    const late = new AbortController();
    const waiting = watch(kit.context.exchange(run, { signal: late.signal }));
    late.abort(reason);
    await kit.clock.advance(1000);
    expect(waiting.error).toBe(reason);
    expect(run).not.toHaveBeenCalled();
  });

  test("rejects with ClientClosedError when the client closes or gives up before it began", async () => {
    const closing = inside();
    await closing.connected();
    closing.server.drop();
    await closing.clock.settle();
    const first = watch(closing.context.exchange(ask("?")));
    watch(closing.client.close());
    await closing.clock.settle();
    expect(first.error).toBeInstanceOf(ClientClosedError);
    const later = watch(closing.context.exchange(ask("?")));
    await closing.clock.settle();
    expect(later.error).toBeInstanceOf(ClientClosedError);
    const lost = inside({ shouldReconnect: () => new Promise((resolve) => setAnswer(resolve)) });
    let setAnswer: (resolve: (answer: boolean) => void) => void = () => {};
    let answer: (value: boolean) => void = () => {};
    setAnswer = (resolve) => (answer = resolve);
    await lost.connected();
    lost.server.drop();
    const second = watch(lost.context.exchange(ask("?")));
    await lost.clock.settle();
    answer(false);
    await lost.clock.settle();
    expect(second.error).toBeInstanceOf(ClientClosedError);
  });

  test("ends with its plugin, waiting for connected or under way", async () => {
    let context: PluginContext | undefined;
    const { client, clock, server, connected } = rig();
    await connected();
    const undo = client.use({ name: "guest", setup: (given) => void (context = given) });
    const underWay = watch(context!.exchange(ask("?"), { hold: true }));
    undo();
    await clock.settle();
    expect(underWay.error).toBeInstanceOf(ClientClosedError);
    expect(client.send("free")).toBe("sent");
    server.drop();
    await clock.settle();
    const run = vi.fn<(session: HandshakeSession) => Promise<Message>>(ask("?"));
    const after = watch(context!.exchange(run));
    await clock.advance(1000);
    expect(after.error).toBeInstanceOf(ClientClosedError);
    expect(run).not.toHaveBeenCalled();
  });

  test("that throws rejects with that, and harms nothing else", async () => {
    const kit = inside();
    await kit.connected();
    const failure = new Error("own");
    const sync = watch(
      kit.context.exchange(() => {
        throw failure;
      }),
    );
    const late = watch(kit.context.exchange(() => Promise.reject(failure)));
    await kit.clock.settle();
    expect(sync.error).toBe(failure);
    expect(late.error).toBe(failure);
    expect(kit.client.isConnected).toBe(true);
    expect(kit.told("error")).toEqual([]);
  });

  test("leaves no listener on its signal", async () => {
    const kit = inside();
    await kit.connected();
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    await kit.context.exchange(async () => {}, { signal });
    expect(added).toHaveBeenCalled();
    expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(
      added.mock.calls.map(([, listener]) => listener),
    );
  });

  test("leaves no timer and no claim behind", async () => {
    const kit = inside({ stableAfter: 0 });
    const peer = await kit.connected();
    const exchange = watch(kit.context.exchange(async (session) => void session.receive()));
    await kit.clock.settle();
    expect(exchange.status).toBe("resolved");
    peer.send("for the application");
    expect(kit.told("message")).toEqual(["for the application"]);
    expect(kit.clock.pending).toBe(0);
  });
});
