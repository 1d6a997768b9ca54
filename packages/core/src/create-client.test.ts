import { describe, expect, test, vi } from "vitest";
import {
  AlreadyRunningError,
  ClientClosedError,
  ConfigurationError,
  HandshakeRejectedError,
  NotConnectedError,
  RetriesExhaustedError,
  TimeoutError,
  createClient,
  sendMessage,
} from "./index.ts";
import type { ClientOptions, WebSocketClient } from "./index.ts";
import { rig, watch } from "./test-kit.ts";
import type { MemoryDial } from "./testing/index.ts";

const refuse = (dial: MemoryDial): void => dial.fail("tcp");
const hold = (): void => {};
const noRetry = { name: "no-retry", nextDelay: () => null };
const every = (delay: number) => ({ name: "every", nextDelay: () => delay });

test("a client comes back after a loss and delivers what was queued", async () => {
  const { client, clock, connected, server, states, told } = rig({
    plugins: [sendMessage("hello", { reply: true })],
  });
  server.onMessage((message, peer) => {
    if (message === "hello") peer.send("welcome");
  });
  client.send("early");
  (await connected()).send("news");
  await clock.settle();
  server.drop();
  await clock.settle();
  client.send("later");
  await clock.advance(1000);
  expect(server.peers.map((peer) => peer.received)).toEqual([
    ["hello", "early"],
    ["hello", "later"],
  ]);
  const closing = watch(client.close());
  await clock.settle();
  expect(told("message")).toEqual(["news"]);
  expect(closing.value).toEqual({ wasClean: true, undelivered: 0 });
  expect(states).toEqual([
    "idle",
    "connecting",
    "handshaking",
    "connected",
    "waiting",
    "connecting",
    "handshaking",
    "connected",
    "closing",
    "closed",
  ]);
  expect(clock.pending).toBe(0);
});

describe("a fresh client", () => {
  test("dials nothing and arms no timer", async () => {
    const { client, clock, names, server } = rig({ receiveTimeout: 10 });
    await clock.settle();
    expect([client.state.status, server.dials.length, clock.pending]).toEqual(["idle", 0, 0]);
    expect(names).toEqual([]);
  });

  test("shows its URL without secrets, also one that a function gives", async () => {
    const url = "wss://user:pass@server.test/path?token=secret";
    expect(rig({ url }).client.url).toBe("wss://***@server.test/path?token=***");
    const { client, connected } = rig({ url: () => url });
    expect(client.url).toBe("");
    await connected();
    expect(client.url).toBe("wss://***@server.test/path?token=***");
  });

  test("hands its options to the transport", async () => {
    const options: Partial<ClientOptions> = {
      protocols: ["v2", "v1"],
      noDelay: false,
      highWaterMark: 77,
    };
    const requests: unknown[] = [];
    const { client, clock } = rig({ ...options, plugins: [] });
    expect(client.state.status).toBe("idle");
    const other = createClient({
      ...options,
      url: "http://server.test/",
      clock,
      plugins: [
        {
          name: "spy",
          connect({ url, protocols, noDelay, highWaterMark, attempt }) {
            requests.push({ url, protocols, noDelay, highWaterMark, attempt });
            throw new Error("that is all");
          },
        },
      ],
    });
    watch(other.connect());
    await clock.settle();
    expect(requests).toEqual([{ url: "ws://server.test/", ...options, attempt: 0 }]);
    await other.close();
  });
});

test("secrets of the URL appear in no error, no state and no figure", async () => {
  const secrets = /alice|hunter2|s3cret/;
  const url = "ws://alice:hunter2@server.test/feed?token=s3cret&x=s3cret";
  for (const given of [url, () => url, () => url.replace("ws:", "nonsense:")]) {
    const { client, clock, server, told } = rig({
      url: given,
      connectTimeout: 100,
      plugins: [every(10), { name: "auth", handshake: () => Promise.reject(new Error("no")) }],
    });
    server.script(
      hold,
      refuse,
      (dial) => dial.refuse(503),
      (dial) => dial.accept().drop(),
    );
    server.onDial((dial) => dial.accept());
    watch(client.connect());
    await clock.advance(200);
    const errors = [...told("error"), ...told("fatal")].map(({ error }) => error);
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) {
      expect(`${error.message} ${String(error.stack)} ${JSON.stringify(error)}`).not.toMatch(
        secrets,
      );
    }
    const { lastError, lastDisconnect: _, ...figures } = client.snapshot();
    expect(JSON.stringify([client.url, figures, lastError?.message])).not.toMatch(secrets);
    expect(JSON.stringify(told("state"))).not.toMatch(secrets);
    await client.close();
  }
  expect(() => rig({ url: url.replace("ws:", "nonsense:") })).toThrow(
    expect.objectContaining({ message: expect.not.stringMatching(secrets) as string }) as Error,
  );
});

test("send, sendAsync and ping may be passed on and survive every reconnect", async () => {
  const { client, clock, connected, server } = rig({ plugins: [every(10)] });
  const { send, sendAsync, ping } = client;
  await connected();
  server.drop();
  await clock.advance(10);
  expect(send("one")).toBe("sent");
  await sendAsync(Uint8Array.of(2).buffer);
  const round = watch(ping());
  await clock.settle();
  expect(round.value).toBe(0);
  expect(server.peer.received).toEqual(["one", Uint8Array.of(2)]);
});

test.each(["send", "sendAsync", "ping"] as const)(
  "%s is the client's own and may be spied on, replaced and put back",
  async (verb) => {
    const { client, connected } = rig();
    await connected();
    const own = client[verb];
    const spy = vi.spyOn(client, verb).mockReturnValue("replaced" as never);
    expect((client[verb] as () => unknown)()).toBe("replaced");
    spy.mockRestore();
    expect(client[verb]).toBe(own);
    const other = (): never => "other" as never;
    (client as { -readonly [K in typeof verb]: unknown })[verb] = other;
    expect(client[verb]).toBe(other);
    expect(Object.keys(client)).toContain(verb);
  },
);

describe("bad arguments", () => {
  test("of send are refused at once", async () => {
    const { client, connected } = rig();
    await connected();
    expect(() => client.send(5 as unknown as string)).toThrow(TypeError);
    expect(() => client.send("x", { maxAge: -1 })).toThrow(/^maxAge: a number of milliseconds/);
    expect(() => client.send("x", { maxAge: undefined })).not.toThrow();
    const refused = [
      watch(client.sendAsync(null as unknown as string)),
      watch(client.sendAsync("x", { maxAge: NaN })),
      watch(client.sendAsync("x", { timeout: -1 })),
      watch(client.ready({ timeout: NaN })),
      watch(client.once("drain", { timeout: -1 })),
    ];
    await Promise.resolve().then(() => {});
    await Promise.resolve();
    expect(refused[0]!.error).toBeInstanceOf(TypeError);
    expect(refused[1]!.error).toBeInstanceOf(ConfigurationError);
    expect(refused[4]!.error).toBeInstanceOf(ConfigurationError);
  });

  test("of on are refused at once", () => {
    const { client } = rig();
    expect(() => client.on("message", undefined as unknown as () => void)).toThrow(
      "A listener of 'message' is a function, not undefined",
    );
  });
});

describe("on() and once()", () => {
  test("on returns its undo", async () => {
    const { client, connected } = rig();
    const heard: unknown[] = [];
    const off = client.on("message", (message) => heard.push(message));
    const peer = await connected();
    peer.send("one");
    off();
    off();
    peer.send("two");
    expect(heard).toEqual(["one"]);
  });

  test("once resolves with the next payload, and only that", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    const next = watch(client.once("message"));
    peer.send("one");
    peer.send("two");
    await clock.settle();
    expect(next.value).toBe("one");
  });

  test("once hears what happens while the client closes, and `closed` itself", async () => {
    const { client, clock, connected } = rig();
    await connected();
    const events = [client.once("shutdown"), client.once("disconnected"), client.once("closed")];
    const outcomes = events.map((event) => watch<unknown>(event));
    watch(client.close());
    await clock.settle();
    expect(outcomes.map(({ status }) => status)).toEqual(["resolved", "resolved", "resolved"]);
    expect(outcomes[2]!.value).toEqual({ cause: null });
  });

  test("once rejects when the client closes without it, and when it is closed", async () => {
    const { client, clock } = rig();
    const early = watch(client.once("message"));
    watch(client.close());
    await clock.settle();
    const late = watch(client.once("message"));
    await clock.settle();
    expect(early.error).toBeInstanceOf(ClientClosedError);
    expect(late.error).toBeInstanceOf(ClientClosedError);
  });

  test("once rejects after its timeout, or with the signal's reason, and listens no more", async () => {
    const { client, clock } = rig();
    const abort = new AbortController();
    const slow = watch(client.once("message", { timeout: 20 }));
    const aborted = watch(client.once("message", { signal: abort.signal }));
    const early = watch(client.once("message", { signal: AbortSignal.abort("no") }));
    abort.abort("enough");
    await clock.advance(20);
    expect(slow.error).toEqual(new TimeoutError("No 'message' within 20 ms"));
    expect([aborted.error, early.error]).toEqual(["enough", "no"]);
    expect(clock.pending).toBe(0);
  });
});

describe("what is no signal", () => {
  test("is refused by run(), which can be called again", async () => {
    const { client } = rig();
    expect(() => client.run({ signal: {} as AbortSignal })).toThrow("signal: an AbortSignal");
    watch(client.run());
    await expect(client.run()).rejects.toMatchObject({ code: "ALREADY_RUNNING" });
  });

  test("is refused by messages() and events(), and nothing listens on", async () => {
    const { client, connected, told } = rig();
    const options = { signal: 5 as unknown as AbortSignal };
    const why = "signal: an AbortSignal is needed, not 5";
    expect(() => client.messages(options)).toThrow(why);
    expect(() => client.events(options)).toThrow(why);
    await connected();
    expect(told("connected")).toHaveLength(1);
  });

  test("is refused by connect(), and nothing is dialled", async () => {
    const { client, server } = rig();
    const connecting = client.connect({ signal: {} as AbortSignal });
    await expect(connecting).rejects.toMatchObject({ code: "CONFIGURATION" });
    expect(server.dials).toEqual([]);
  });
});

describe("messages() and events()", () => {
  test("end after a graceful close, and throw the cause after giving up", async () => {
    const { client, clock, connected } = rig();
    await connected();
    const [open, events] = [client.messages(), client.events()];
    const next = watch(open.next());
    watch(client.close());
    await clock.settle();
    const done = { done: true, value: undefined };
    expect(next.value).toEqual(done);
    expect(await client.messages().next()).toEqual(done);
    const types: string[] = [];
    for await (const { type } of events) types.push(type);
    expect(types).toEqual(["shutdown", "state", "state", "disconnected", "closed"]);
    expect(await client.events().next()).toEqual(done);
    const failing = rig({ plugins: [noRetry] });
    failing.server.script(refuse);
    watch(failing.client.connect());
    await failing.clock.settle();
    const late = watch(failing.client.messages().next());
    await clock.settle();
    expect(late.error).toBeInstanceOf(RetriesExhaustedError);
  });
});

test("use() adds a plugin, and its undo removes it", async () => {
  const { client, connected } = rig();
  const peer = await connected();
  const undo = client.use({ name: "loud", onSend: (message) => `${String(message)}!` });
  client.send("one");
  undo();
  client.send("two");
  expect(peer.received).toEqual(["one!", "two"]);
});

describe("connect()", () => {
  test("resolves at `connected`, after everybody was told", async () => {
    const { client, clock, server, told } = rig();
    server.script(hold);
    const connecting = watch(client.connect().then(() => told("connected").length));
    await clock.settle();
    expect(connecting.status).toBe("pending");
    server.dials[0]!.accept();
    await clock.settle();
    expect(connecting.value).toBe(1);
    expect(client.isConnected).toBe(true);
  });

  test("calls share one effort", async () => {
    const { client, clock, server } = rig({ plugins: [every(10)] });
    server.script(refuse);
    const calls = [watch(client.connect()), watch(client.connect())];
    await clock.settle();
    calls.push(watch(client.connect()));
    await clock.advance(10);
    expect(calls.map((call) => call.status)).toEqual(["resolved", "resolved", "resolved"]);
    expect(server.dials.length).toBe(2);
  });

  test("resolves at once when connected", async () => {
    const { client, clock, connected, server } = rig();
    await connected();
    const again = watch(client.connect());
    await clock.settle();
    expect(again.status).toBe("resolved");
    expect(server.dials.length).toBe(1);
  });

  test("joins the effort of an outage", async () => {
    const { client, clock, connected, server } = rig({ plugins: [every(10)] });
    await connected();
    server.drop();
    await clock.settle();
    const again = watch(client.connect());
    await clock.settle();
    expect(again.status).toBe("pending");
    await clock.advance(10);
    expect(again.status).toBe("resolved");
    expect(server.dials.map((dial) => dial.attempt)).toEqual([0, 1]);
  });

  test("rejects with the cause when the client gives up", async () => {
    const { client, clock, server } = rig({ plugins: [noRetry] });
    server.script(refuse);
    const connecting = watch(client.connect());
    await clock.settle();
    expect(connecting.error).toBeInstanceOf(RetriesExhaustedError);
    expect(client.state).toEqual({ status: "closed", cause: connecting.error });
  });

  test("starts afresh after the client gave up", async () => {
    const { client, clock, server } = rig({ plugins: [noRetry] });
    server.script(refuse);
    watch(client.connect());
    await clock.settle();
    const again = watch(client.connect());
    await clock.settle();
    expect(again.status).toBe("resolved");
    expect(server.dials.map((dial) => dial.attempt)).toEqual([0, 0]);
  });

  test("starts afresh from inside a listener of `fatal` and of `closed`", async () => {
    for (const event of ["fatal", "closed"] as const) {
      const { client, clock, server, names } = rig({ plugins: [noRetry] });
      server.script(refuse);
      client.on(event, () => void client.connect());
      watch(client.connect());
      await clock.settle();
      expect(client.isConnected).toBe(true);
      expect(names.slice(0, 4)).toEqual(["connecting", "fatal", "closed", "connecting"]);
    }
  });
});

describe("an abort of connect()", () => {
  test("before `connected` returns to idle and rejects with the reason", async () => {
    for (const step of [hold, refuse]) {
      const { client, clock, server, states } = rig({ plugins: [every(10)] });
      server.script(step);
      const abort = new AbortController();
      const connecting = watch(client.connect({ signal: abort.signal }));
      await clock.settle();
      abort.abort("changed my mind");
      await clock.settle();
      expect(connecting).toMatchObject({ status: "rejected", error: "changed my mind" });
      expect(client.state).toEqual({ status: "idle" });
      expect([server.live, clock.pending]).toEqual([0, 0]);
      expect(states).toContain("connecting");
    }
  });

  test("during a handshake closes the socket", async () => {
    const { client, clock, server } = rig({
      plugins: [{ name: "slow", handshake: () => new Promise<void>(() => {}) }],
    });
    const abort = new AbortController();
    const connecting = watch(client.connect({ signal: abort.signal }));
    await clock.settle();
    expect(client.state.status).toBe("handshaking");
    abort.abort();
    await clock.settle();
    expect(connecting.error).toBe(abort.signal.reason);
    expect([client.state.status, server.live, clock.pending]).toEqual(["idle", 0, 0]);
  });

  test("that came before the call dials nothing", async () => {
    const { client, clock, server } = rig();
    const connecting = watch(client.connect({ signal: AbortSignal.abort("early") }));
    await clock.settle();
    expect(connecting.error).toBe("early");
    expect(server.dials.length).toBe(0);
    expect(client.state.status).toBe("idle");
  });

  test("that came before the call leaves another call's effort alone", async () => {
    const { client, clock, server } = rig();
    server.script(hold);
    const first = watch(client.connect());
    const second = watch(client.connect({ signal: AbortSignal.abort("early") }));
    await clock.settle();
    expect([first.status, second.status]).toEqual(["pending", "rejected"]);
    expect(client.state.status).toBe("connecting");
  });

  test("takes back that call only; the last one takes the effort along", async () => {
    const { client, clock, server } = rig();
    server.script(hold);
    const aborts = [new AbortController(), new AbortController()];
    const calls = aborts.map(({ signal }) => watch(client.connect({ signal })));
    aborts[0]!.abort();
    await clock.settle();
    expect(calls.map((call) => call.status)).toEqual(["rejected", "pending"]);
    expect(client.state.status).toBe("connecting");
    aborts[1]!.abort();
    await clock.settle();
    expect(client.state.status).toBe("idle");
  });

  test("means nothing once connected", async () => {
    const { client, clock, server } = rig();
    const abort = new AbortController();
    const connecting = watch(client.connect({ signal: abort.signal }));
    await clock.settle();
    abort.abort();
    await clock.settle();
    expect([connecting.status, client.state.status]).toEqual(["resolved", "connected"]);
    expect(server.live).toBe(1);
  });

  test("does not stop what run(), reconnect() or an earlier success wants", async () => {
    const starts: ((kit: ReturnType<typeof rig>) => unknown)[] = [
      ({ client }) => client.run(),
      ({ client }) => client.reconnect(),
      async ({ connected, server, clock }) => {
        await connected();
        server.drop();
        await clock.settle();
      },
    ];
    for (const start of starts) {
      const kit = rig({ plugins: [every(10)] });
      const abort = new AbortController();
      kit.server.onDial(hold);
      if (start === starts[2]) kit.server.script((dial) => dial.accept());
      await Promise.race([start(kit), kit.clock.settle()]);
      await kit.clock.settle();
      const joined = watch(kit.client.connect({ signal: abort.signal }));
      abort.abort();
      await kit.clock.advance(10);
      expect(joined.status).toBe("rejected");
      expect(kit.client.state.status).toBe("connecting");
    }
  });

  test("while the old socket still closes takes the new dial back", async () => {
    const { client, clock, connected, server } = rig();
    const peer = await connected();
    peer.answersClose = false;
    const leaving = watch(client.disconnect());
    const abort = new AbortController();
    const connecting = watch(client.connect({ signal: abort.signal }));
    abort.abort();
    await clock.settle();
    expect([leaving.status, connecting.status]).toEqual(["pending", "rejected"]);
    expect(client.state).toEqual({ status: "closing", next: "idle" });
    peer.answerClose();
    await clock.settle();
    expect([leaving.status, client.state.status]).toEqual(["resolved", "idle"]);
    expect(server.dials.length).toBe(1);
  });

  test("after that dial was begun takes it back too", async () => {
    const { client, clock, connected, server } = rig();
    await connected();
    server.onDial(hold);
    watch(client.disconnect());
    const abort = new AbortController();
    watch(client.connect({ signal: abort.signal }));
    await clock.settle();
    expect(client.state.status).toBe("connecting");
    abort.abort();
    expect(client.state.status).toBe("idle");
  });

  test("takes back an effort that begins afresh after the client gave up", async () => {
    const { client, clock, connected, server } = rig();
    (await connected()).close(1008, "policy");
    await clock.settle();
    server.onDial(hold);
    const abort = new AbortController();
    const again = watch(client.connect({ signal: abort.signal }));
    abort.abort();
    await clock.settle();
    expect([again.status, client.state.status]).toEqual(["rejected", "idle"]);
  });

  test("listeners of the signal do not pile up", async () => {
    const { client, connected } = rig();
    await connected();
    let listeners = 0;
    const { signal } = new AbortController();
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    await client.connect({ signal });
    await client.ready({ signal });
    await client.disconnect();
    await client.connect({ signal });
    const running = client.run({ signal });
    await client.close();
    await running;
    expect(listeners).toBe(0);
  });
});

describe("ready()", () => {
  test("is there at once when connected, and does not dial when not", async () => {
    const { client, clock, connected, server } = rig();
    const early = watch(client.ready());
    await clock.settle();
    expect([early.status, server.dials.length]).toEqual(["pending", 0]);
    await connected();
    const late = watch(client.ready());
    await clock.settle();
    expect([early.status, late.status]).toEqual(["resolved", "resolved"]);
  });

  test("waits through an outage and through disconnect()", async () => {
    const { client, clock, connected, server } = rig({ plugins: [every(10)] });
    await connected();
    server.drop();
    await clock.settle();
    const ready = watch(client.ready());
    await client.disconnect();
    await clock.advance(10);
    expect(ready.status).toBe("pending");
    await connected();
    await clock.settle();
    expect(ready.status).toBe("resolved");
  });

  test("rejects on close", async () => {
    const { client, clock } = rig();
    const ready = watch(client.ready());
    await client.close();
    const late = watch(client.ready());
    await clock.settle();
    expect(ready.error).toBeInstanceOf(ClientClosedError);
    expect(late.error).toBeInstanceOf(ClientClosedError);
  });

  test("rejects with the cause when the client gives up, and afterwards", async () => {
    const { client, clock, server } = rig({ plugins: [noRetry] });
    server.script(refuse);
    const ready = watch(client.ready());
    watch(client.connect());
    await clock.settle();
    const late = watch(client.ready());
    await clock.settle();
    expect(ready.error).toBeInstanceOf(RetriesExhaustedError);
    expect(late.error).toBe(ready.error);
  });

  test("rejects after its own timeout, and the effort goes on", async () => {
    const { client, clock, server } = rig({ connectTimeout: 0 });
    server.script(hold);
    watch(client.connect());
    const ready = watch(client.ready({ timeout: 30 }));
    await clock.advance(29);
    expect(ready.status).toBe("pending");
    await clock.advance(1);
    expect(ready.error).toEqual(new TimeoutError("Not connected within 30 ms"));
    expect(client.state.status).toBe("connecting");
    expect(clock.pending).toBe(0);
  });

  test("rejects with the signal's reason", async () => {
    const { client, clock } = rig();
    const abort = new AbortController();
    const ready = watch(client.ready({ signal: abort.signal, timeout: 1_000 }));
    const early = watch(client.ready({ signal: AbortSignal.abort("no") }));
    abort.abort("enough");
    await clock.settle();
    expect([ready.error, early.error]).toEqual(["enough", "no"]);
    expect(clock.pending).toBe(0);
  });
});

describe("run()", () => {
  test("connects, lives through losses, and resolves after a graceful close", async () => {
    const { client, clock, server } = rig({ plugins: [every(10)] });
    const running = watch(client.run());
    await clock.settle();
    server.drop();
    await clock.advance(10);
    expect(client.isConnected).toBe(true);
    expect(running.status).toBe("pending");
    await Promise.all([client.close(), clock.settle()]);
    await clock.settle();
    expect(running.status).toBe("resolved");
  });

  test("joins a running effort", async () => {
    const { client, clock, server } = rig();
    watch(client.connect());
    const running = watch(client.run());
    await clock.settle();
    expect([server.dials.length, running.status]).toEqual([1, "pending"]);
  });

  test("outlives disconnect()", async () => {
    const { client, clock } = rig();
    const running = watch(client.run());
    await clock.settle();
    await client.disconnect();
    await clock.settle();
    expect([client.state.status, running.status]).toEqual(["idle", "pending"]);
  });

  test("rejects with the fatal cause", async () => {
    const fault = new HandshakeRejectedError("Wrong token");
    const { client, clock } = rig({
      plugins: [{ name: "auth", handshake: () => Promise.reject(fault) }],
    });
    const running = watch(client.run());
    await clock.settle();
    expect(running.error).toBe(fault);
  });

  test("may run again after the client gave up", async () => {
    const { client, clock, server } = rig({ plugins: [noRetry] });
    server.script(refuse);
    watch(client.run());
    await clock.settle();
    const again = watch(client.run());
    await clock.settle();
    expect([client.isConnected, again.status]).toEqual([true, "pending"]);
  });

  test("takes an abort for close()", async () => {
    const { client, clock, server } = rig();
    const abort = new AbortController();
    const running = watch(client.run({ signal: abort.signal }));
    await clock.settle();
    abort.abort();
    await clock.settle();
    expect(running.status).toBe("resolved");
    expect(client.state).toEqual({ status: "closed", cause: null });
    expect(server.peer.closeFrame).toEqual({ code: 1000, reason: "" });
  });

  test("with a signal that was aborted before closes without a dial", async () => {
    const { client, clock, server } = rig();
    const running = watch(client.run({ signal: AbortSignal.abort() }));
    await clock.settle();
    expect([running.status, client.state.status]).toEqual(["resolved", "closed"]);
    expect(server.dials.length).toBe(0);
  });

  test("rejects a second call while it runs", async () => {
    const { client, clock } = rig();
    const first = watch(client.run());
    const second = watch(client.run());
    await clock.settle();
    expect(second.error).toBeInstanceOf(AlreadyRunningError);
    expect([first.status, client.isConnected]).toEqual(["pending", true]);
  });
});

describe("reconnect()", () => {
  test("in idle is connect()", async () => {
    const { client, clock, server } = rig();
    client.reconnect();
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(server.dials.map((dial) => dial.attempt)).toEqual([0]);
  });

  test("in connecting and in handshaking lets the attempt go on", async () => {
    let finish = (): void => {};
    const { client, clock, server } = rig({
      plugins: [{ name: "auth", handshake: () => new Promise<void>((done) => (finish = done)) }],
    });
    server.script(hold);
    const connecting = watch(client.connect());
    client.reconnect();
    server.dials[0]!.accept();
    await clock.settle();
    expect(client.state.status).toBe("handshaking");
    client.reconnect();
    finish();
    await clock.settle();
    expect([connecting.status, server.dials.length]).toEqual(["resolved", 1]);
  });

  test("in connected closes and dials anew once the socket is gone", async () => {
    const { client, clock, connected, server, told } = rig();
    const peer = await connected();
    peer.answersClose = false;
    client.reconnect("new config");
    await clock.settle();
    expect(peer.closeFrame).toEqual({ code: 1000, reason: "new config" });
    expect([client.state.status, server.dials.length]).toEqual(["closing", 1]);
    peer.answerClose();
    await clock.settle();
    expect([client.isConnected, server.dials.length, server.maxLive]).toEqual([true, 2, 1]);
    expect(told("disconnected")).toEqual([{ willRetry: true, uptime: 0, bufferedAmount: 0 }]);
    expect(told("connected")).toEqual([
      { id: 1, attempt: 0, reconnects: 0 },
      { id: 2, attempt: 0, reconnects: 1 },
    ]);
  });

  test("in connected does not wait for ever for the old socket", async () => {
    const { client, clock, connected, server } = rig({ closeTimeout: 100 });
    (await connected()).halfOpen();
    client.reconnect();
    await clock.advance(99);
    expect(server.dials.length).toBe(1);
    await clock.advance(1);
    expect([client.isConnected, server.dials.length, server.maxLive]).toEqual([true, 2, 1]);
  });

  test("in waiting dials now, and the outage is forgotten", async () => {
    const { client, clock, connected, server } = rig({ plugins: [every(1_000)] });
    await connected();
    server.script(refuse);
    server.drop();
    await clock.advance(1_000);
    expect(client.state).toMatchObject({ status: "waiting", attempt: 2 });
    client.reconnect();
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(server.dials.map((dial) => dial.attempt)).toEqual([0, 1, 0]);
  });

  test("after a disconnect() whose socket still closes dials", async () => {
    const { client, clock, connected, server } = rig();
    await connected();
    const leaving = watch(client.disconnect());
    client.reconnect();
    await clock.settle();
    expect([leaving.status, client.isConnected]).toEqual(["resolved", true]);
    expect(server.maxLive).toBe(1);
  });

  test("starts afresh after the client gave up, and not after close()", async () => {
    const { client, clock, server } = rig({ plugins: [noRetry] });
    server.script(refuse);
    watch(client.connect());
    await clock.settle();
    client.reconnect();
    await clock.settle();
    expect(client.isConnected).toBe(true);
    watch(client.close());
    expect(() => client.reconnect()).toThrow(ClientClosedError);
    await clock.settle();
    expect(() => client.reconnect()).toThrow(ClientClosedError);
  });

  test("refuses a reason that no close frame can carry", () => {
    const { client } = rig();
    expect(() => client.reconnect("x".repeat(124))).toThrow(ConfigurationError);
    expect(client.state.status).toBe("idle");
  });
});

describe("disconnect()", () => {
  test("is graceful and leads back to idle", async () => {
    const { client, clock, connected, told, states } = rig();
    const peer = await connected();
    await clock.advance(70);
    const leaving = watch(client.disconnect({ code: 3001, reason: "lunch" }));
    await clock.settle();
    expect(leaving.status).toBe("resolved");
    expect(peer.closeFrame).toEqual({ code: 3001, reason: "lunch" });
    expect(client.state).toEqual({ status: "idle" });
    expect(told("disconnected")).toEqual([{ willRetry: false, uptime: 70, bufferedAmount: 0 }]);
    expect(states).toContain("closing");
    expect(clock.pending).toBe(0);
  });

  test("keeps the queue and the readers", async () => {
    const { client, clock, connected, server } = rig();
    await connected();
    const reader = client.messages();
    const first = watch(reader.next());
    await client.disconnect();
    expect(client.send("later")).toBe("queued");
    const peer = await connected();
    peer.send("hello");
    await clock.settle();
    expect(server.peer.received).toEqual(["later"]);
    expect(first.value).toEqual({ done: false, value: "hello" });
  });

  test("drops what was queued under whileDisconnected 'reject'", async () => {
    const { client, clock, connected, told } = rig({
      highWaterMark: 1,
      sendQueue: { whileDisconnected: "reject" },
    });
    (await connected()).slow();
    client.send("on its way");
    client.send("queued");
    watch(client.disconnect({ timeout: 10 }));
    await clock.advance(10);
    expect(told("dropped")).toEqual([{ messages: ["queued"], reason: "disconnected" }]);
  });

  test("rejects a pending connect() with NotConnectedError", async () => {
    const { client, clock, server } = rig();
    server.script(hold);
    const connecting = watch(client.connect());
    await client.disconnect();
    await clock.settle();
    expect(connecting.error).toBeInstanceOf(NotConnectedError);
    expect([client.state.status, server.live, clock.pending]).toEqual(["idle", 0, 0]);
  });

  test("ends an outage", async () => {
    const { client, clock, connected, server, told } = rig({ plugins: [every(10)] });
    await connected();
    server.drop();
    await clock.settle();
    await client.disconnect();
    await clock.advance(100);
    expect([client.state.status, server.dials.length]).toEqual(["idle", 1]);
    expect(told("disconnected").length).toBe(1);
  });

  test("lets connect() dial once the socket is gone", async () => {
    const { client, clock, connected, server } = rig();
    const peer = await connected();
    peer.answersClose = false;
    const leaving = watch(client.disconnect());
    const connecting = watch(client.connect());
    await clock.settle();
    expect([leaving.status, connecting.status, server.dials.length]).toEqual([
      "pending",
      "pending",
      1,
    ]);
    peer.answerClose();
    await clock.settle();
    expect([leaving.status, connecting.status, server.maxLive]).toEqual([
      "resolved",
      "resolved",
      1,
    ]);
  });

  test("takes such a connect() back when it is called again", async () => {
    const { client, clock, connected, server } = rig();
    await connected();
    watch(client.disconnect());
    const connecting = watch(client.connect());
    const leaving = watch(client.disconnect());
    await clock.settle();
    expect(connecting.error).toBeInstanceOf(NotConnectedError);
    expect([leaving.status, client.state.status, server.dials.length]).toEqual([
      "resolved",
      "idle",
      1,
    ]);
  });

  test("drops the socket after its timeout, else after closeTimeout", async () => {
    for (const timeout of [30, undefined]) {
      const { client, clock, connected, server } = rig({ closeTimeout: 200 });
      (await connected()).halfOpen();
      const leaving = watch(client.disconnect({ timeout }));
      await clock.advance((timeout ?? 200) - 1);
      expect([leaving.status, server.live]).toEqual(["pending", 1]);
      await clock.advance(1);
      expect([leaving.status, server.live, clock.pending]).toEqual(["resolved", 0, 0]);
    }
  });

  test("in idle has nothing to do", async () => {
    const { client, clock, names } = rig();
    const leaving = watch(client.disconnect());
    await clock.settle();
    expect(leaving.status).toBe("resolved");
    expect(names).toEqual([]);
  });

  test("refuses what no close frame can carry", async () => {
    const { client, connected } = rig();
    await connected();
    expect(() => client.disconnect({ code: 1006, reason: "x".repeat(124) })).toThrow(
      ConfigurationError,
    );
    expect(client.isConnected).toBe(true);
  });
});

describe("close()", () => {
  test("flushes the queue, closes, and tells how it went", async () => {
    const { client, clock, connected, names, told } = rig({ highWaterMark: 1 });
    const peer = await connected();
    peer.slow();
    client.send("one");
    client.send("two");
    const closing = watch(client.close({ code: 4000, reason: "done" }));
    await clock.settle();
    expect([closing.status, peer.closeFrame]).toEqual(["pending", null]);
    peer.flow();
    await clock.settle();
    expect(peer.received).toEqual(["one", "two"]);
    expect(peer.closeFrame).toEqual({ code: 4000, reason: "done" });
    expect(closing.value).toEqual({ wasClean: true, undelivered: 0 });
    expect(names.slice(2)).toEqual(["connected", "shutdown", "drain", "disconnected", "closed"]);
    expect(told("closed")).toEqual([{ cause: null }]);
    expect(told("disconnected")).toEqual([{ willRetry: false, uptime: 0, bufferedAmount: 0 }]);
  });

  test("waits for messages that wait for room, too", async () => {
    const { client, clock, connected } = rig({ highWaterMark: 1, sendQueue: { capacity: 1 } });
    const peer = await connected();
    peer.slow();
    client.send("one");
    const sent = [watch(client.sendAsync("two")), watch(client.sendAsync("three"))];
    const closing = watch(client.close());
    peer.flow();
    await clock.settle();
    expect(peer.received).toEqual(["one", "two", "three"]);
    expect(sent.map((one) => one.status)).toEqual(["resolved", "resolved"]);
    expect(closing.value).toEqual({ wasClean: true, undelivered: 0 });
  });

  test("hears the answer although a slow reader has paused receiving", async () => {
    const { client, clock, connected } = rig();
    const peer = await connected();
    const reader = client.messages({ highWaterMark: 1 });
    watch(reader.next());
    for (const message of ["one", "two", "three"]) peer.send(message);
    expect(peer.paused).toBe(true);
    const closing = watch(client.close());
    await clock.settle();
    expect(closing.value).toEqual({ wasClean: true, undelivered: 0 });
  });

  test("has one deadline for flush and closing handshake together", async () => {
    const { client, clock, connected, server, told } = rig({
      highWaterMark: 1,
      closeTimeout: 100,
    });
    const peer = await connected();
    peer.slow();
    peer.answersClose = false;
    client.send("one");
    client.send("two");
    const closing = watch(client.close());
    await clock.advance(60);
    peer.flow();
    await clock.advance(39);
    expect([closing.status, peer.closeFrame?.code]).toEqual(["pending", 1000]);
    await clock.advance(1);
    expect(closing.value).toEqual({ wasClean: false, undelivered: 0 });
    expect(told("dropped")).toEqual([]);
    expect([server.live, clock.pending]).toEqual([0, 0]);
  });

  test("counts what it could not deliver, and tells of it", async () => {
    const { client, clock, connected, told } = rig({ highWaterMark: 3 });
    const peer = await connected();
    peer.slow();
    client.send("one");
    client.send("two");
    client.send("three");
    const closing = watch(client.close({ timeout: 40 }));
    await clock.advance(40);
    expect(closing.value).toEqual({ wasClean: false, undelivered: 2 });
    expect(told("dropped")).toEqual([{ messages: ["two", "three"], reason: "closed" }]);
    expect(told("disconnected")).toEqual([{ willRetry: false, uptime: 40, bufferedAmount: 3 }]);
  });

  test("never dials: in idle and in an outage the queue is dropped", async () => {
    for (const starts of [false, true]) {
      const { client, clock, server, told } = rig({ plugins: [every(10)] });
      server.onDial(refuse);
      client.send("early");
      if (starts) watch(client.connect());
      await clock.settle();
      const dials = server.dials.length;
      const closing = watch(client.close());
      await clock.advance(100);
      expect(closing.value).toEqual({ wasClean: true, undelivered: 1 });
      expect(told("dropped")).toEqual([{ messages: ["early"], reason: "closed" }]);
      expect([server.dials.length, clock.pending]).toEqual([dials, 0]);
    }
  });

  test("drops a dial and a handshake under way", async () => {
    for (const handshakes of [false, true]) {
      const { client, clock, server, names } = rig({
        plugins: [handshakes && { name: "slow", handshake: () => new Promise<void>(() => {}) }],
      });
      if (!handshakes) server.script(hold);
      const connecting = watch(client.connect());
      await clock.settle();
      const closing = watch(client.close());
      await clock.settle();
      expect(closing.value).toEqual({ wasClean: false, undelivered: 0 });
      expect(connecting.error).toBeInstanceOf(ClientClosedError);
      expect([server.live, clock.pending]).toEqual([0, 0]);
      expect(names.slice(-2)).toEqual(["shutdown", "closed"]);
      expect(names).not.toContain("disconnected");
    }
  });

  test("takes over the closing handshake of disconnect() and of reconnect()", async () => {
    for (const verb of ["disconnect", "reconnect"] as const) {
      const { client, clock, connected, server } = rig();
      const peer = await connected();
      peer.answersClose = false;
      const leaving = watch(Promise.resolve(client[verb]()));
      const closing = watch(client.close({ timeout: 50 }));
      expect(client.state).toEqual({ status: "closing", next: "closed" });
      await clock.advance(50);
      expect([leaving.status, closing.status]).toEqual(["resolved", "resolved"]);
      expect(client.state).toEqual({ status: "closed", cause: null });
      expect([server.dials.length, server.live, clock.pending]).toEqual([1, 0, 0]);
    }
  });

  test("survives a connection that ends meanwhile", async () => {
    const { client, clock, connected, names, told } = rig({ highWaterMark: 1 });
    const peer = await connected();
    peer.slow();
    client.send("one");
    client.send("two");
    const closing = watch(client.close());
    peer.drop();
    await clock.settle();
    expect(closing.value).toEqual({ wasClean: false, undelivered: 1 });
    expect(names.filter((name) => name === "disconnected").length).toBe(1);
    expect(told("disconnected")[0]).toEqual({ willRetry: false, uptime: 0, bufferedAmount: 3 });
    expect(clock.pending).toBe(0);
  });

  test.each<readonly [string, (client: WebSocketClient) => unknown]>([
    ["send", (client) => expect(client.send("x")).toBe("queued")],
    ["sendAsync", (client) => watch(client.sendAsync("x"))],
    ["flush", (client) => watch(client.flush())],
    ["bufferedAmount", (client) => client.bufferedAmount],
    ["snapshot", (client) => client.snapshot()],
  ])("loses a transport that cannot say in %s what it has buffered", async (_, act) => {
    let isBroken = false;
    const { client, clock, connected, server, told } = rig({
      transport: { flush: false },
      onConnection(connection) {
        Object.defineProperty(connection, "bufferedAmount", {
          get() {
            if (isBroken) throw new Error("no such socket");
            return 0;
          },
        });
      },
    });
    await connected();
    isBroken = true;
    act(client);
    expect(told("disconnected")).toMatchObject([
      { cause: { message: "Connection lost: close code 1006: no such socket" }, willRetry: true },
    ]);
    expect(server.live).toBe(0);
    watch(client.close());
    await clock.settle();
    expect(clock.pending).toBe(0);
  });

  test.each(["ignore", "disconnect"] as const)(
    "ends although the transport cannot say what it has buffered, under '%s'",
    async (pluginErrorPolicy) => {
      const failure = new Error("no such socket");
      let isBroken = false;
      const { client, clock, connected, server, told } = rig({
        pluginErrorPolicy,
        onConnection(connection) {
          Object.defineProperty(connection, "bufferedAmount", {
            get() {
              if (isBroken) throw failure;
              return 0;
            },
          });
        },
      });
      (await connected()).answersClose = false;
      const closing = watch(client.close({ timeout: 40 }));
      isBroken = true;
      await clock.advance(40);
      expect(closing.value).toEqual({ wasClean: false, undelivered: 0 });
      expect(told("error")).toMatchObject([
        { error: { code: "PLUGIN", hook: "bufferedAmount", cause: failure } },
      ]);
      expect(told("disconnected")).toEqual([{ willRetry: false, uptime: 40, bufferedAmount: 0 }]);
      expect([server.live, clock.pending]).toEqual([0, 0]);
    },
  );

  test("is idempotent", async () => {
    const { client, connected, told } = rig();
    await connected();
    const first = client.close();
    expect(client.close({ code: 4000 })).toBe(first);
    await first;
    expect(client.close()).toBe(first);
    expect(told("closed").length).toBe(1);
  });

  test("after the client gave up has nothing to do, but ends the way back", async () => {
    const { client, clock, server, told } = rig({ plugins: [noRetry] });
    server.script(refuse);
    watch(client.connect());
    await clock.settle();
    expect(await client.close()).toEqual({ wasClean: false, undelivered: 0 });
    const again = watch(client.connect());
    await clock.settle();
    expect(again.error).toBeInstanceOf(ClientClosedError);
    expect([told("closed").length, told("shutdown").length]).toEqual([1, 0]);
  });

  test("settles every pending promise", async () => {
    const { client, clock, connected } = rig({ highWaterMark: 1, sendQueue: { capacity: 1 } });
    const peer = await connected();
    peer.slow();
    peer.answersPings = false;
    client.send("one");
    const pending = [
      client.sendAsync("two"),
      client.sendAsync("three"),
      client.flush(),
      client.ping(),
      client.once("lagged"),
      client.run(),
      client.messages().next(),
      client.disconnect(),
      client.connect(),
      client.ready(),
    ].map((promise) => watch<unknown>(promise));
    watch(client.close({ timeout: 10 }));
    await clock.advance(10);
    expect(pending.map((one) => one.status)).not.toContain("pending");
    expect(clock.pending).toBe(0);
  });

  test("afterwards every verb gives ClientClosedError", async () => {
    const { client, clock } = rig();
    await client.close();
    const verbs = [
      client.connect(),
      client.ready(),
      client.run(),
      client.disconnect(),
      client.sendAsync("x"),
      client.ping(),
      client.flush(),
      client.once("message"),
    ].map((promise) => watch<unknown>(promise));
    await clock.settle();
    for (const verb of verbs) expect(verb.error).toBeInstanceOf(ClientClosedError);
    expect(() => client.send("x")).toThrow(ClientClosedError);
    expect(() => client.reconnect()).toThrow(ClientClosedError);
    expect(() => client.use({ name: "late" })).toThrow(ClientClosedError);
  });

  test("from inside any listener ends all the same", async () => {
    for (const event of ["connecting", "open", "connected", "state", "message"] as const) {
      const { client, clock, server, names } = rig();
      client.on(event, () => void client.close());
      const connecting = watch(client.connect());
      await clock.settle();
      if (event === "message") server.peer.send("x");
      await clock.settle();
      expect(client.state).toEqual({ status: "closed", cause: null });
      expect(connecting.status).not.toBe("pending");
      expect(names.at(-1)).toBe("closed");
      expect([server.live, clock.pending]).toEqual([0, 0]);
    }
  });

  test("is what `await using` calls", async () => {
    const { client, connected } = rig();
    await connected();
    expect(await client[Symbol.asyncDispose]()).toBe(undefined);
    expect(client.state.status).toBe("closed");
  });
});

test("no promise of connect, ready, run or once has to be looked at", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  try {
    const { client, clock, server } = rig({ plugins: [noRetry] });
    server.script(refuse);
    void client.ready();
    void client.once("drain");
    void client.run();
    void client.run();
    void client.connect();
    void client.connect({ signal: AbortSignal.abort() });
    void client.ready({ timeout: 0 });
    void client.once("drain", { timeout: 0 });
    await clock.advance(1);
    await client.close();
    void client.connect();
    void client.run();
    void client.ready();
    void client.once("drain");
    // Node looks for unhandled rejections before the next turn of its event loop.
    const { port1, port2 } = new MessageChannel();
    await new Promise((resolve) => {
      port1.addEventListener("message", resolve);
      port1.start();
      port2.postMessage(null);
    });
    port1.close();
  } finally {
    process.off("unhandledRejection", note);
  }
  expect(unhandled).toEqual([]);
});
