import { describe, expect, test, vi } from "vitest";
import {
  ConfigurationError,
  HandshakeError,
  HandshakeRejectedError,
  chain,
  sendMessage,
  type ChainOptions,
  type ConnectionLostError,
  type DisconnectCause,
  type Handshake,
  type HandshakeSession,
} from "./index.ts";
import { rig, watch } from "./test-kit.ts";

const step = (
  name: string,
  handshake: (session: HandshakeSession) => Promise<unknown> = async () => {},
  more: Partial<Handshake> = {},
): Handshake => ({
  name,
  async handshake(session) {
    await handshake(session);
  },
  ...more,
});
const never = (): Promise<never> => new Promise(() => {});
function faultsOf(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
}
/** Dials, and gives what went wrong. */
async function failureOf(handshake: Handshake, ms = 0): Promise<HandshakeError> {
  const { client, clock, told } = rig({ plugins: [handshake] });
  watch(client.connect());
  await clock.advance(ms);
  const failure = [...told("error"), ...told("fatal")][0]?.error as HandshakeError;
  watch(client.close());
  await clock.settle();
  expect(clock.pending).toBe(0);
  return failure;
}

describe("chain", () => {
  test("is one handshake made of several, in order, each awaited, on every connection", async () => {
    const { server, clock, connected } = rig({
      plugins: [chain(sendMessage("a", { reply: true }), sendMessage("b"), sendMessage("c"))],
    });
    server.onMessage((message, peer) => message === "a" && peer.send("ok"));
    await connected();
    server.drop();
    await clock.advance(1000);
    expect(server.peers.map((peer) => peer.received)).toEqual([
      ["a", "b", "c"],
      ["a", "b", "c"],
    ]);
  });

  test("takes a list and options, too", async () => {
    expect(chain([step("a")], { name: "login", timeout: 5 })).toMatchObject({
      name: "login",
      handshakeTimeout: 5,
    });
    expect(chain([step("a")])).toMatchObject({ name: "chain", handshakeTimeout: 60_000 });
    const { server, connected } = rig({ plugins: [chain([sendMessage("a")])] });
    await connected();
    expect(server.peer.received).toEqual(["a"]);
  });

  test("shows in the state at which step it is, nested ones too", async () => {
    const steps: string[] = [];
    const { client, connected } = rig({
      plugins: [chain(step("a"), chain([step("b"), step("c")], { name: "inner" }), step("d"))],
    });
    client.on("state", ({ to }) => to.status === "handshaking" && steps.push(to.step));
    await connected();
    expect(steps).toEqual(["chain", "a", "inner", "b", "c", "d"]);
  });

  test("has 60 s for all of them, and names the step that it was at", async () => {
    const waits = chain(
      step("quick"),
      sendMessage("?", { reply: true, name: "slow" }),
      step("behind"),
    );
    const failure = await failureOf(waits, 60_000);
    expect(failure).toMatchObject({
      code: "HANDSHAKE_TIMEOUT",
      step: "slow",
      message: "Handshake 'slow' timed out after 60000 ms",
    });
  });

  test("has the timeout that it is given", async () => {
    const failure = await failureOf(chain([step("slow", never)], { timeout: 70 }), 70);
    expect(failure).toMatchObject({ code: "HANDSHAKE_TIMEOUT", step: "slow" });
  });

  test("keeps each step's own deadline", async () => {
    const slow = step("slow", never, { handshakeTimeout: 20 });
    const failure = await failureOf(chain(step("a"), chain(slow)), 20);
    expect(failure).toMatchObject({
      code: "HANDSHAKE_TIMEOUT",
      step: "slow",
      message: "Handshake 'slow' timed out after 20 ms",
    });
  });

  test("lets no step suffer from the deadline of one that is done", async () => {
    const { client, clock, connected } = rig({
      plugins: [
        chain(
          step("quick", async () => {}, { handshakeTimeout: 20 }),
          sendMessage("?", { reply: true }),
        ),
      ],
    });
    const connecting = watch(connected());
    await clock.advance(100);
    expect(client.state).toMatchObject({ status: "handshaking", step: "send-message" });
    void connecting;
  });

  test("names the failing step, of nested chains the innermost", async () => {
    const cause = new Error("no");
    const broken = step("broken", () => Promise.reject(cause));
    expect(await failureOf(chain(step("a"), broken))).toMatchObject({
      code: "HANDSHAKE",
      step: "broken",
      message: "Handshake 'broken' failed: no",
      cause,
    });
    expect(await failureOf(chain(chain(step("a"), chain(broken))))).toMatchObject({
      step: "broken",
    });
  });

  test("names the step of a refusal that names none, and stays a refusal", async () => {
    const refusal = new HandshakeRejectedError("wrong token");
    const failure = await failureOf(
      chain(
        step("a"),
        step("auth", () => Promise.reject(refusal)),
      ),
    );
    expect(failure).toBe(refusal);
    expect(failure.step).toBe("auth");
  });

  test("goes no further after a failure", async () => {
    const behind = vi.fn<() => Promise<void>>(async () => {});
    await failureOf(
      chain(
        step("broken", () => Promise.reject(new Error("no"))),
        step("c", behind),
      ),
    );
    expect(behind).not.toHaveBeenCalled();
  });

  test.each([undefined, 1000])(
    "lets a step judge the close of the connection, with a deadline of %s",
    async (handshakeTimeout) => {
      const refusal = new HandshakeRejectedError("refused");
      const judge = step(
        "judge",
        (session) =>
          session.receive().catch((error: ConnectionLostError) => {
            throw error.close.code === 4000 ? refusal : error;
          }),
        { handshakeTimeout },
      );
      const { client, server, clock, told } = rig({ plugins: [chain(judge)] });
      watch(client.connect());
      await clock.settle();
      server.peer.close(4000);
      await clock.settle();
      expect(told("fatal")[0]?.error).toBe(refusal);
    },
  );

  test("loses the connection soon when a step with a deadline waits for something else", async () => {
    const { client, server, clock } = rig({
      plugins: [chain(step("busy", never, { handshakeTimeout: 1000 }))],
    });
    watch(client.connect());
    await clock.settle();
    server.peer.close(1001);
    await clock.settle();
    expect(client.state).toMatchObject({ status: "waiting", cause: { close: { code: 1001 } } });
  });

  test("loses the connection soon, although a step before had a deadline of its own", async () => {
    const quick = step("quick", async () => {}, { handshakeTimeout: 30_000 });
    const { client, server, clock } = rig({ plugins: [chain(quick, step("slow", never))] });
    watch(client.connect());
    await clock.settle();
    expect(client.state).toMatchObject({ status: "handshaking", step: "slow" });
    server.drop();
    await clock.settle();
    expect(client.state).toMatchObject({ status: "waiting", cause: { close: { code: 1006 } } });
  });

  test("may be used in an exchange", async () => {
    const login = chain(sendMessage("user"), sendMessage("password", { reply: true }));
    let refresh: (() => Promise<void>) | undefined;
    const { server, clock, connected } = rig({
      plugins: [
        {
          name: "keeper",
          setup(context) {
            refresh = () => context.exchange((session) => login.handshake(session));
          },
        },
      ],
    });
    const peer = await connected();
    const done = watch(refresh!());
    await clock.settle();
    expect(peer.received).toEqual(["user", "password"]);
    server.peer.send("ok");
    await clock.settle();
    expect(done.status).toBe("resolved");
  });
});

describe("a part of a chain", () => {
  const lasting = (): Handshake => step("feed", undefined, { setup() {} });

  test("serves one client at a time, as it would alone", async () => {
    const part = lasting();
    const first = rig({ plugins: [chain(part)] });
    const another = "plugins: 'feed' serves another client; make one for each client";
    for (const plugin of [chain(part), chain(step("a"), chain(part)), part]) {
      expect(faultsOf(() => rig({ plugins: [plugin] }))).toEqual([another]);
    }
    watch(first.client.close());
    await first.clock.settle();
    const second = rig({ plugins: [chain(part)] });
    await second.connected();
    expect(second.client.isConnected).toBe(true);
  });

  test("stands in one place of the client's list", () => {
    const part = step("feed");
    const twice = ["plugins: 'feed' is in the list twice"];
    expect(faultsOf(() => rig({ plugins: [part, chain(part)] }))).toEqual(twice);
    expect(faultsOf(() => rig({ plugins: [chain(part), [part]] }))).toEqual(twice);
    expect(faultsOf(() => rig({ plugins: [chain(part, chain(part))] }))).toEqual(twice);
    const { client } = rig({ plugins: [chain(part)] });
    expect(faultsOf(() => client.use(part))).toEqual(twice);
  });
});

describe("the list of a chain", () => {
  test("holds handshakes only, without onMessage or onSend; all faults are told at once", () => {
    const same = step("same");
    const parts = [
      null,
      { name: "watcher", onConnected() {} },
      step("codec", undefined, { onMessage() {}, onSend() {} }),
      { ...step("socket"), connect() {} },
      { handshake() {} },
      { ...step("odd"), handshakeTimeout: -5, setup: "yes" },
      same,
      same,
    ] as unknown as Handshake[];
    expect(faultsOf(() => chain(parts, { name: "login", timeout: -1 }))).toEqual([
      "chain.timeout: a number of milliseconds, 0 or more, is needed, not -1",
      "login: 'object' is no handshake",
      "login: 'watcher' is no handshake",
      "login: 'codec' has onMessage; put it into the list of plugins itself",
      "login: 'codec' has onSend; put it into the list of plugins itself",
      "login: 'socket' has connect; put it into the list of plugins itself",
      "login: 'object' is no handshake",
      "login: setup of 'odd' is a function, not string",
      "login: handshakeTimeout of 'odd' is a number of milliseconds, 0 or more, not -5",
      "login: 'same' is there twice",
    ]);
  });

  test.each([NaN, Infinity, "5"])("refuses a timeout of %s", (timeout) => {
    expect(faultsOf(() => chain([step("a")], { timeout: timeout as number }))).toHaveLength(1);
  });

  test("may be followed by options, of which it knows every one", () => {
    expect(faultsOf(() => chain([step("a")], undefined))).toEqual([]);
    for (const [options, faults] of [
      [null, ["chain: an object is needed, not null"]],
      [
        { name: null, timout: 5 },
        [
          "chain.name: a text that is not empty is needed, not null",
          "chain.timout: there is no such option",
        ],
      ],
    ] as const) {
      expect(faultsOf(() => chain([step("a")], options as unknown as ChainOptions))).toEqual(
        faults,
      );
    }
  });

  test("is not empty", () => {
    expect(faultsOf(() => chain())).toEqual(["chain: at least one handshake is needed"]);
  });
});

describe("the other hooks of the parts", () => {
  const cause = new HandshakeError("x") as DisconnectCause;
  const context = {} as never;

  test("go on working, those of nobody are absent", () => {
    expect(Object.keys(chain(step("a"), step("b")))).toEqual([
      "name",
      "handshakeTimeout",
      "handshake",
    ]);
  });

  test("are told in order, as methods, even if one throws", () => {
    const log: string[] = [];
    const teller = (name: string, error?: Error): Handshake => ({
      ...step(name),
      onConnected() {
        log.push(this.name);
        if (error) throw error;
      },
    });
    const made = chain(teller("a", new Error("a")), teller("b", new Error("b")), teller("c"));
    expect(() => made.onConnected?.({ id: 1, attempt: 0, reconnects: 0 })).toThrow("a");
    expect(log).toEqual(["a", "b", "c"]);
  });

  test("may return promises, whose rejections are PluginErrors", async () => {
    const failure = new Error("late");
    const late = (): unknown => Promise.reject(failure);
    const { told, connected } = rig({
      plugins: [
        chain(
          step("a", undefined, { onConnected: late }),
          step("b", undefined, { onConnected() {} }),
        ),
      ],
    });
    await connected();
    expect(told("error")[0]?.error).toMatchObject({ plugin: "chain", cause: failure });
  });

  test("answer shouldReconnect: the first answer wins", () => {
    const judge = (answer: boolean | undefined): Handshake =>
      step("judge", undefined, { shouldReconnect: () => answer });
    expect(chain(judge(undefined), judge(false), judge(true)).shouldReconnect?.(cause)).toBe(false);
    expect(chain(judge(undefined)).shouldReconnect?.(cause)).toBeUndefined();
  });

  test("adjust delays one after the other", () => {
    const adjust = (by: number): Handshake =>
      step("adjust", undefined, { adjustDelay: (delay) => (by ? delay * by : undefined) });
    expect(chain(adjust(2), adjust(0), adjust(5)).adjustDelay?.(10, context)).toBe(100);
  });

  test("say that credentials are fresh when one of them does", () => {
    expect(
      chain(step("a"), step("b", undefined, { freshCredentials: true })).freshCredentials,
    ).toBe(true);
    expect(chain(step("a")).freshCredentials).toBeUndefined();
  });

  test("set up in order and tear down backwards", async () => {
    const log: string[] = [];
    const lasting = (name: string): Handshake =>
      step(name, undefined, {
        setup() {
          log.push(`+${name}`);
          return () => void log.push(`-${name}`);
        },
      });
    const { client, clock, connected } = rig({
      plugins: [chain(lasting("a"), step("b"), step("c", undefined, { setup() {} }), lasting("d"))],
    });
    await connected();
    watch(client.close());
    await clock.settle();
    expect(log).toEqual(["+a", "+d", "-d", "-a"]);
  });

  test("tear down what was set up when one of them throws", async () => {
    const log: string[] = [];
    const failure = new Error("no");
    const { client, clock, told } = rig({
      plugins: [
        chain(
          step("a", undefined, { setup: () => () => void log.push("-a") }),
          step("b", undefined, {
            setup() {
              throw failure;
            },
          }),
        ),
      ],
    });
    watch(client.connect());
    await clock.settle();
    expect(log).toEqual(["-a"]);
    expect(told("fatal")[0]?.error).toMatchObject({
      plugin: "chain",
      hook: "setup",
      cause: failure,
    });
  });
});
