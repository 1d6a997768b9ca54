import { fixedDelay, noRetry } from "@stream-tungstenite/retry";
import { describe, expect, test, vi } from "vitest";
import {
  ConfigurationError,
  PluginError,
  createClient,
  sendMessage,
  type Extension,
  type Plugin,
  type PluginContext,
  type PluginList,
} from "./index.ts";
import { rig, watch } from "./test-kit.ts";
import { memoryServer, memoryTransport } from "./testing/index.ts";

function faultsOf(plugins: unknown): readonly string[] {
  try {
    createClient({ url: "ws://server.test/", plugins: plugins as PluginList });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
}
const transport = () => memoryTransport(memoryServer());

describe("the list", () => {
  test("needs a transport", () => {
    expect(faultsOf([])).toEqual(["plugins: exactly one transport is needed, not none"]);
  });

  test("has no two transports", () => {
    expect(faultsOf([transport(), { ...transport(), name: "other" }])).toEqual([
      "plugins: exactly one transport is needed, not 'memory' and 'other'",
    ]);
  });

  test("has no two retry strategies", () => {
    expect(faultsOf([transport(), noRetry(), fixedDelay(1, { name: "steady" })])).toEqual([
      `plugins: one retry strategy at most, not '${noRetry().name}' and 'steady'`,
    ]);
  });

  test("has no object twice, in nested lists either", () => {
    const greeting = sendMessage("hello", { name: "greeting" });
    expect(faultsOf([transport(), greeting, [[greeting]]])).toEqual([
      "plugins: 'greeting' is in the list twice",
    ]);
  });

  test("is flattened, and what is false, null or undefined is skipped", async () => {
    const seen: string[] = [];
    const observer = (name: string): Plugin => ({ name, onConnected: () => void seen.push(name) });
    const { connected } = rig({
      plugins: [false, [observer("a"), null, [observer("b")]], undefined, observer("c")],
    });
    await connected();
    expect(seen).toEqual(["a", "b", "c"]);
  });

  test.each([
    ["nothing", undefined, "plugins: a list is needed, not undefined"],
    ["one plugin", transport(), "plugins: a list is needed, not object"],
  ])("is a list, not %s", (_, list, fault) => {
    expect(faultsOf(list)).toContain(fault);
  });

  test("tells every fault at once", () => {
    const list = [
      42,
      {},
      { name: "a", onSend: "yes", handshakeTimeout: -1 },
      { name: "b", handshakeTimeout: "1" },
    ];
    expect(faultsOf(list)).toEqual([
      "plugins: a plugin is an object with a name, not number",
      "plugins: a plugin is an object with a name, not object",
      "plugins: onSend of 'a' is a function, not string",
      "plugins: handshakeTimeout of 'a' is a number of milliseconds, 0 or more, not -1",
      "plugins: handshakeTimeout of 'b' is a number of milliseconds, 0 or more, not '1'",
      "plugins: exactly one transport is needed, not none",
    ]);
  });

  test("numbers equal names", async () => {
    const broken = (): Extension => ({
      name: "broken",
      onConnected() {
        throw new Error("no");
      },
    });
    const { told, connected } = rig({ plugins: [broken(), broken(), broken()] });
    await connected();
    expect(told("error").map(({ error }) => (error as PluginError).plugin)).toEqual([
      "broken",
      "broken#2",
      "broken#3",
    ]);
  });
});

describe("a retry strategy", () => {
  const delayOf = async (plugins: PluginList): Promise<number | undefined> => {
    const { server, clock, connected, told } = rig({ plugins });
    await connected();
    server.drop();
    await clock.settle();
    return told("reconnectScheduled")[0]?.delay;
  };

  test("is exponential backoff with its standard options when none is given", async () => {
    // Full jitter of 1,000 ms with a random number of 0.5.
    expect(await delayOf([])).toBe(500);
  });

  test("is asked for the delay, as a method", async () => {
    const strategy = {
      name: "own",
      wait: 77,
      nextDelay() {
        return this.wait;
      },
    };
    expect(await delayOf([strategy])).toBe(77);
  });

  test("is asked before every adjustDelay, each of which sees what the one before it made", async () => {
    const asked: number[] = [];
    const adjust = (name: string, by: number | undefined): Plugin => ({
      name,
      adjustDelay(delay) {
        asked.push(delay);
        return by === undefined ? undefined : delay + by;
      },
    });
    const plugins = [adjust("a", 1), fixedDelay(10), adjust("b", undefined), adjust("c", 5)];
    expect(await delayOf(plugins)).toBe(16);
    expect(asked).toEqual([10, 11, 11]);
  });

  test("and adjustDelay stay above what the server asked for", async () => {
    const { server, clock, client, told } = rig({
      plugins: [fixedDelay(10), { name: "hurry", adjustDelay: () => 0 }],
    });
    server.script((dial) => dial.refuse(503, { retryAfter: 5000 }));
    watch(client.connect());
    await clock.settle();
    expect(told("reconnectScheduled")[0]?.delay).toBe(5000);
  });

  test.each([
    ["answers NaN", () => NaN],
    ["answers infinity", () => Infinity],
    ["answers a negative number", () => -1],
    ["answers a text", () => "1" as unknown as number],
  ])("that %s is fatal", async (_, nextDelay) => {
    const { server, clock, client, connected, told } = rig({
      plugins: [{ name: "odd", nextDelay }],
    });
    await connected();
    server.drop();
    await clock.settle();
    expect(client.state).toMatchObject({ status: "closed", cause: { plugin: "odd" } });
    expect(told("fatal")[0]?.error).toMatchObject({ hook: "nextDelay", plugin: "odd" });
  });

  test("that throws is fatal", async () => {
    const failure = new Error("out of numbers");
    const { server, clock, connected, told } = rig({
      plugins: [
        {
          name: "odd",
          nextDelay() {
            throw failure;
          },
        },
      ],
    });
    await connected();
    server.drop();
    await clock.settle();
    expect(told("fatal")[0]?.error).toMatchObject({ code: "PLUGIN", cause: failure });
  });
});

describe("shouldReconnect", () => {
  const judge = (name: string, answer: boolean | undefined, asked: string[]): Plugin => ({
    name,
    shouldReconnect() {
      asked.push(name);
      return answer;
    },
  });

  test("of the first plugin that answers wins, before the option", async () => {
    const asked: string[] = [];
    const option = vi.fn<() => boolean>(() => true);
    const { server, clock, client, connected } = rig({
      plugins: [judge("a", undefined, asked), judge("b", false, asked), judge("c", true, asked)],
      shouldReconnect: option,
    });
    await connected();
    server.drop();
    await clock.settle();
    expect(asked).toEqual(["a", "b"]);
    expect(option).not.toHaveBeenCalled();
    expect(client.state.status).toBe("closed");
  });

  test("may make a fatal cause worth a retry", async () => {
    const { server, clock, client, connected } = rig({ plugins: [judge("cure", true, [])] });
    await connected();
    server.peer.close(1008);
    await clock.settle();
    expect(client.state.status).toBe("waiting");
  });

  test("is the option's when no plugin answers", async () => {
    const { server, clock, client, connected } = rig({
      plugins: [judge("a", undefined, [])],
      shouldReconnect: () => false,
    });
    await connected();
    server.drop();
    await clock.settle();
    expect(client.state.status).toBe("closed");
  });
});

describe("freshCredentials", () => {
  test.each([
    [true, "waiting"],
    [false, "closed"],
    [undefined, "closed"],
  ])("of %s makes a client refused with 401 %s", async (freshCredentials, status) => {
    const { client, server, clock } = rig({
      plugins: [{ name: "auth", freshCredentials }, { name: "other" }],
    });
    server.onDial((dial) => dial.refuse(401));
    watch(client.connect());
    await clock.settle();
    expect(client.state.status).toBe(status);
  });
});

describe("observers", () => {
  const hooks = [
    "onStateChange",
    "onConnected",
    "onDisconnected",
    "onError",
    "onLagged",
    "onDropped",
    "onProbe",
  ] as const;

  test("are told as methods, before the listeners", async () => {
    const log: string[] = [];
    const plugin = { name: "watcher", log } as { name: string; log: string[] } & Record<
      string,
      unknown
    >;
    for (const hook of hooks) {
      plugin[hook] = function (this: typeof plugin) {
        this.log.push(hook);
      };
    }
    let context: PluginContext | undefined;
    const keeper: Plugin = { name: "keeper", setup: (given) => void (context = given) };
    const { client, server, clock, connected } = rig({
      plugins: [plugin, keeper],
      transport: { pause: false },
      sendQueue: { capacity: 1, overflow: "drop-newest" },
    });
    client.on("connected", () => log.push("listener"));
    await connected();
    expect(log.splice(0)).toEqual(["onStateChange", "onStateChange", "onConnected", "listener"]);
    context?.probe();
    context?.report(new Error("noticed"));
    expect(log.splice(0)).toEqual(["onProbe", "onError"]);
    client.messages({ highWaterMark: 1 });
    server.peer.send("1");
    server.peer.send("2");
    expect(log.splice(0)).toEqual(["onLagged"]);
    server.drop();
    await clock.settle();
    expect(log.splice(0)).toEqual(["onStateChange", "onDisconnected"]);
    client.send("1");
    client.send("2");
    expect(log.splice(0)).toEqual(["onDropped"]);
  });

  test("are not awaited, and a promise that one returns is watched", async () => {
    const failure = new Error("late");
    const slow = (): unknown => new Promise(() => {});
    const late = (): unknown => Promise.reject(failure);
    const { told, connected, clock } = rig({
      plugins: [
        { name: "slow", onConnected: slow },
        { name: "late", onConnected: late },
      ],
    });
    await connected();
    await clock.settle();
    expect(told("error").map(({ error }) => error)).toMatchObject([
      { code: "PLUGIN", plugin: "late", hook: "onConnected", cause: failure },
    ]);
  });

  test("that throw break no other, and are PluginErrors", async () => {
    const failure = new Error("no");
    const seen: number[] = [];
    const { client, told, connected } = rig({
      plugins: [
        {
          name: "broken",
          onConnected() {
            throw failure;
          },
        },
        { name: "good", onConnected: ({ id }) => void seen.push(id) },
      ],
    });
    await connected();
    expect(seen).toEqual([1]);
    expect(client.isConnected).toBe(true);
    expect(told("error")[0]?.error).toBeInstanceOf(PluginError);
    expect(told("error")[0]?.error.message).toBe("Plugin 'broken' failed in onConnected: no");
  });

  test("that throw lose the connection under the policy 'disconnect'", async () => {
    let fails = true;
    const { client, clock, told, connected } = rig({
      pluginErrorPolicy: "disconnect",
      plugins: [
        {
          name: "broken",
          onConnected() {
            if (fails) throw new Error("no");
          },
        },
      ],
    });
    await connected();
    expect(client.state).toMatchObject({ status: "waiting", cause: { plugin: "broken" } });
    expect(told("disconnected")[0]).toMatchObject({ cause: { code: "PLUGIN" }, willRetry: true });
    fails = false;
    await clock.advance(1000);
    expect(client.isConnected).toBe(true);
  });

  test("of errors that throw are told to the listeners, not to themselves for ever", async () => {
    let calls = 0;
    const { told, connected } = rig({
      plugins: [
        {
          name: "broken",
          onError() {
            calls++;
            throw new Error("again");
          },
          onConnected() {
            throw new Error("first");
          },
        },
      ],
    });
    await connected();
    expect(calls).toBe(1);
    expect(told("error").map(({ error }) => (error as PluginError).hook)).toEqual([
      "onConnected",
      "onError",
    ]);
  });
});

describe("setup", () => {
  /** A plugin that notes when it is set up and torn down. */
  const stateful = (name: string, log: string[]): Extension => ({
    name,
    setup() {
      log.push(`+${name}`);
      return () => void log.push(`-${name}`);
    },
  });

  test("runs once, when the client first leaves idle, in list order; the teardown at closed, backwards", async () => {
    const log: string[] = [];
    const { client, clock, server, connected } = rig({
      plugins: [stateful("a", log), stateful("b", log)],
    });
    client.on("state", ({ to }) => log.push(to.status));
    client.on("closed", () => log.push("told"));
    expect(log).toEqual([]);
    await connected();
    server.drop();
    await clock.advance(1000);
    watch(client.disconnect());
    await clock.settle();
    await connected();
    watch(client.close());
    await clock.settle();
    expect(log.filter((entry) => /^[-+]/.test(entry))).toEqual(["+a", "+b", "-b", "-a"]);
    expect(log.slice(0, 3)).toEqual(["+a", "+b", "connecting"]);
    expect(log.slice(-3)).toEqual(["-b", "-a", "told"]);
  });

  test("that throws is fatal, and those before it are torn down", async () => {
    const log: string[] = [];
    const failure = new Error("no");
    const { client, server, told, clock } = rig({
      plugins: [
        stateful("a", log),
        {
          name: "broken",
          setup() {
            throw failure;
          },
        },
        stateful("c", log),
      ],
    });
    const connecting = watch(client.connect());
    await clock.settle();
    expect(log).toEqual(["+a", "-a"]);
    expect(server.dials).toHaveLength(0);
    expect(client.state.status).toBe("closed");
    expect(connecting.error).toMatchObject({ plugin: "broken", hook: "setup", cause: failure });
    expect(told("fatal")).toHaveLength(1);
  });

  test("may listen until teardown, and hears of closed all the same", async () => {
    const log: string[] = [];
    const { client, clock, connected } = rig({
      plugins: [
        {
          name: "logger",
          setup({ client: own }) {
            const off = own.on("closed", () => log.push("closed"));
            return () => {
              log.push("teardown");
              off();
            };
          },
        },
      ],
    });
    await connected();
    watch(client.close());
    await clock.settle();
    expect(log).toEqual(["teardown", "closed"]);
  });

  test("that returns a rejected promise is a PluginError", async () => {
    const failure = new Error("no");
    const plugin = { name: "odd", setup: () => Promise.reject(failure) as never };
    const { told, connected } = rig({ plugins: [plugin] });
    await connected();
    expect(told("error")[0]?.error).toMatchObject({ hook: "setup", cause: failure });
  });

  test("serves one client at a time", async () => {
    const shared = stateful("shared", []);
    const first = rig({ plugins: [shared] });
    expect(faultsOf([transport(), shared])).toEqual([
      "plugins: 'shared' serves another client; make one for each client",
    ]);
    watch(first.client.close());
    await first.clock.settle();
    const second = rig({ plugins: [shared] });
    await second.connected();
    expect(second.client.isConnected).toBe(true);
  });

  test("is not needed to share a plugin without state", () => {
    const shared = sendMessage("hello");
    rig({ plugins: [shared] });
    expect(faultsOf([transport(), shared])).toEqual([]);
  });

  test("of a list that is refused leaves its plugins free", () => {
    const log: string[] = [];
    const plugin = stateful("free", log);
    expect(faultsOf([plugin])).not.toEqual([]);
    expect(faultsOf([transport(), plugin])).toEqual([]);
  });

  test("runs again when the client starts afresh after giving up", async () => {
    const log: string[] = [];
    const { client, server, clock, connected } = rig({ plugins: [stateful("a", log), noRetry()] });
    await connected();
    server.drop();
    await clock.settle();
    expect(log).toEqual(["+a", "-a"]);
    await connected();
    expect(log).toEqual(["+a", "-a", "+a"]);
    expect(client.isConnected).toBe(true);
  });

  test("gives up, and takes nothing away, when another client took the plugin meanwhile", async () => {
    const log: string[] = [];
    const shared = stateful("shared", log);
    const first = rig({ plugins: [shared, noRetry()] });
    await first.connected();
    first.server.drop();
    await first.clock.settle();
    const second = rig({ plugins: [shared] });
    await second.connected();
    const again = watch(first.client.connect());
    await first.clock.settle();
    expect(again.error).toBeInstanceOf(ConfigurationError);
    expect(log).toEqual(["+shared", "-shared", "+shared"]);
    expect(faultsOf([transport(), shared])).toHaveLength(1);
  });

  test("that closes the client is torn down all the same", async () => {
    const log: string[] = [];
    const { client, server, clock } = rig({
      plugins: [
        {
          name: "hasty",
          setup(context) {
            log.push("+hasty");
            void context.client.close();
            return () => void log.push("-hasty");
          },
        },
        stateful("late", log),
      ],
    });
    watch(client.connect());
    await clock.settle();
    expect(log).toEqual(["+hasty", "-hasty"]);
    expect(client.state.status).toBe("closed");
    expect(server.dials).toHaveLength(0);
  });

  test("whose teardown throws is a PluginError and stops no other teardown", async () => {
    const log: string[] = [];
    const failure = new Error("stuck");
    const { client, clock, told, connected } = rig({
      plugins: [
        stateful("a", log),
        {
          name: "broken",
          setup: () => () => {
            throw failure;
          },
        },
      ],
    });
    await connected();
    const closing = watch(client.close());
    await clock.settle();
    expect(log).toEqual(["+a", "-a"]);
    expect(told("error")[0]?.error).toMatchObject({ hook: "teardown", cause: failure });
    expect(closing.status).toBe("resolved");
  });
});

describe("use", () => {
  test("adds a plugin to the end of the list; its undo removes it", async () => {
    const log: string[] = [];
    const { client, server, connected } = rig({
      plugins: [{ name: "a", onMessage: () => void log.push("a") }],
    });
    await connected();
    const undo = client.use({ name: "b", onMessage: () => void log.push("b") });
    server.peer.send("1");
    expect(log.splice(0)).toEqual(["b", "a"]);
    undo();
    undo();
    server.peer.send("2");
    expect(log).toEqual(["a"]);
  });

  test("calls setup at once when the client has left idle, and the teardown at removal", async () => {
    const log: string[] = [];
    let signal: AbortSignal | undefined;
    const plugin: Extension = {
      name: "late",
      setup(context) {
        signal = context.signal;
        log.push("+");
        return () => void log.push("-");
      },
    };
    const { client, connected, clock } = rig();
    client.use(plugin)();
    expect(log).toEqual([]);
    const undo = client.use(plugin);
    await connected();
    expect(log.splice(0)).toEqual(["+"]);
    undo();
    expect(log.splice(0)).toEqual(["-"]);
    expect(signal?.aborted).toBe(true);
    client.use(plugin);
    expect(log.splice(0)).toEqual(["+"]);
    watch(client.close());
    await clock.settle();
    expect(log).toEqual(["-"]);
  });

  test("of a handshake speaks from the next connection on", async () => {
    const { client, server, clock, connected } = rig();
    await connected();
    client.use(sendMessage("hello"));
    server.drop();
    await clock.advance(1000);
    expect(server.peers.map((peer) => peer.received)).toEqual([[], ["hello"]]);
  });

  test("throws what setup throws, and forgets the plugin", async () => {
    const failure = new Error("no");
    let signal: AbortSignal | undefined;
    const broken: Extension = {
      name: "broken",
      setup(context) {
        signal = context.signal;
        throw failure;
      },
    };
    const { client, connected } = rig();
    await connected();
    expect(() => client.use(broken)).toThrow(PluginError);
    expect(() => client.use(broken)).toThrow("Plugin 'broken' failed in setup: no");
    expect(signal?.aborted).toBe(true);
  });

  test.each([
    [
      "a transport",
      { ...transport(), name: "other" },
      "plugins: exactly one transport is needed, not 'memory' and 'other'",
    ],
    ["nothing", undefined, "plugins: use takes one plugin"],
    ["a list", [sendMessage("a"), sendMessage("b")], "plugins: use takes one plugin"],
    ["a number", 7, "plugins: a plugin is an object with a name, not number"],
  ])("refuses %s", (_, plugin, fault) => {
    const { client } = rig();
    expect(() => client.use(plugin as Extension)).toThrow(fault);
  });

  test("of a retry strategy replaces the standard one until it is removed; there are no two", async () => {
    const { client, server, clock, connected, told } = rig();
    const undo = client.use(fixedDelay(7, { name: "steady" }));
    expect(() => client.use(noRetry())).toThrow(
      "plugins: one retry strategy at most, not 'steady'",
    );
    await connected();
    server.drop();
    await clock.advance(7);
    expect(client.isConnected).toBe(true);
    undo();
    server.drop();
    await clock.settle();
    expect(told("reconnectScheduled").map(({ delay }) => delay)).toEqual([7, 1000]);
  });

  test("refuses a plugin that is there already, or serves another client", () => {
    const plugin: Extension = { name: "one", setup() {} };
    const { client } = rig({ plugins: [plugin] });
    expect(() => client.use(plugin)).toThrow("plugins: 'one' is in the list twice");
    expect(() => rig().client.use(plugin)).toThrow("plugins: 'one' serves another client");
  });

  test("of a client that gave up takes nothing from others", async () => {
    const shared: Extension = { name: "shared", setup() {} };
    const { client, server, clock, connected } = rig({ plugins: [shared, noRetry()] });
    await connected();
    server.drop();
    await clock.settle();
    client.use({ name: "late", setup() {} });
    expect(faultsOf([transport(), shared])).toEqual([]);
    expect(() => client.use({ name: "later" })).not.toThrow();
  });

  test("numbers names as the list does", async () => {
    const { client, told, connected } = rig({ plugins: [sendMessage("a")] });
    client.use({
      name: "send-message",
      onConnected() {
        throw new Error("no");
      },
    });
    await connected();
    expect(told("error")[0]?.error).toMatchObject({ plugin: "send-message#2" });
  });

  test("inside a setup sets the newcomer up once", async () => {
    const setup = vi.fn<() => void>();
    const { connected } = rig({
      plugins: [
        {
          name: "host",
          setup: ({ client }) => void client.use({ name: "guest", setup }),
        },
      ],
    });
    await connected();
    expect(setup).toHaveBeenCalledTimes(1);
  });
});

test("hooks are looked up when the client is made, never per message", async () => {
  const reads: string[] = [];
  const counted = new Proxy<Plugin>(
    { name: "counted", onSend() {} },
    {
      get(target, key, receiver) {
        reads.push(String(key));
        return Reflect.get(target, key, receiver) as unknown;
      },
    },
  );
  const { client, server, connected } = rig({ plugins: [counted] });
  await connected();
  reads.length = 0;
  for (let i = 0; i < 10; i++) {
    client.send("out");
    server.peer.send("in");
  }
  // The call of `onSend` itself, once per message sent.
  expect(reads).toEqual(new Array(10).fill("onSend"));
});
