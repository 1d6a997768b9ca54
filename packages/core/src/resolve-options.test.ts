import { describe, expect, test } from "vitest";
import { ConfigurationError, createClient, systemClock } from "./index.ts";
import type { ClientOptions } from "./index.ts";
import { systemRandom } from "./random.ts";
import { resolveOptions } from "./resolve-options.ts";
import { manualClock, memoryServer, memoryTransport } from "./testing/index.ts";

const url = "ws://server.test/";
const thrownBy = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error;
  }
};
const check = (options: object): string[] => {
  const faults: string[] = [];
  resolveOptions({ url, plugins: [], ...options }, faults);
  return faults;
};

describe("without further options", () => {
  test("every default is the documented one", () => {
    const faults: string[] = [];
    const options = resolveOptions({ url, plugins: [] }, faults);
    expect(faults).toEqual([]);
    expect(options.clock).toBe(systemClock);
    expect(options.random).toBe(systemRandom);
    expect(options).toMatchObject({
      connectTimeout: 10_000,
      handshakeTimeout: 10_000,
      receiveTimeout: 0,
      stableAfter: 5_000,
      closeTimeout: 5_000,
      handshakeRetryDelay: 0,
      exitOnFirstFailure: false,
      shouldReconnect: undefined,
      sendQueue: {
        capacity: 1_024,
        maxBytes: 16 * 1_048_576,
        overflow: "reject",
        whileDisconnected: "hold",
        maxAge: undefined,
      },
      highWaterMark: 1_048_576,
      receiveBuffer: 1_024,
      noDelay: true,
      pluginErrorPolicy: "ignore",
    });
  });

  test("every client has the same defaults, and no copy of them", () => {
    const options = resolveOptions({ url, plugins: [], noDelay: true, sendQueue: {} }, []);
    expect(Object.keys(options)).toEqual(["url", "target"]);
    const other = resolveOptions({ url, plugins: [], sendQueue: { capacity: 5 } }, []);
    expect(Object.keys(other)).toEqual(["url", "sendQueue", "target"]);
    expect(other.sendQueue.maxBytes).toBe(options.sendQueue.maxBytes);
    expect(options.sendQueue.capacity).toBe(1_024);
  });

  test("undefined means the default, as if the option were not there", () => {
    const names = Object.keys(resolveOptions({ url, plugins: [] }, [])) as (keyof ClientOptions)[];
    const blank = Object.fromEntries(
      names.filter((name) => name !== "url").map((name) => [name, undefined]),
    );
    expect(check({ ...blank, target: undefined })).toEqual(check({ target: undefined }));
    const queue = { capacity: undefined, maxBytes: undefined, overflow: undefined };
    expect(
      check({ sendQueue: { ...queue, whileDisconnected: undefined, maxAge: undefined } }),
    ).toEqual([]);
  });
});

test("given values are taken", () => {
  const clock = manualClock();
  const given = {
    url,
    plugins: [],
    protocols: ["v1"],
    connectTimeout: 1,
    handshakeTimeout: 2,
    receiveTimeout: 3,
    stableAfter: 4,
    closeTimeout: 5,
    handshakeRetryDelay: 6,
    exitOnFirstFailure: true,
    shouldReconnect: () => true,
    sendQueue: {
      capacity: 7,
      maxBytes: 8,
      overflow: "drop-oldest",
      whileDisconnected: "reject",
      maxAge: 9,
    },
    highWaterMark: 10,
    receiveBuffer: 11,
    noDelay: false,
    pluginErrorPolicy: "disconnect",
    clock,
    random: () => 0,
  } as const;
  const faults: string[] = [];
  const { plugins: _, ...expected } = given;
  expect(resolveOptions(given, faults)).toMatchObject(expected);
  expect(faults).toEqual([]);
});

describe("a bad option is named with what is needed and what came", () => {
  const durations = [
    "connectTimeout",
    "handshakeTimeout",
    "receiveTimeout",
    "stableAfter",
    "closeTimeout",
    "handshakeRetryDelay",
  ];
  const badNumbers = [
    [-1, "-1"],
    [NaN, "NaN"],
    [Infinity, "Infinity"],
    ["5", "'5'"],
    [null, "null"],
    [true, "true"],
    [{}, "an object"],
  ] as const;
  test.each(
    durations.flatMap((name) =>
      badNumbers.map(([value, shown]): [string, unknown, string] => [name, value, shown]),
    ),
  )("%s: %o", (name, value, shown) => {
    expect(check({ [name]: value })).toEqual([
      `${name}: a number of milliseconds, 0 or more, is needed, not ${shown}`,
    ]);
  });
  test.each(durations)("%s may be 0, and a fraction", (name) => {
    expect(check({ [name]: 0 })).toEqual([]);
    expect(check({ [name]: 0.5 })).toEqual([]);
  });

  const sizes = ["highWaterMark", "receiveBuffer", "capacity", "maxBytes"];
  const put = (name: string, value: unknown): object =>
    name === "capacity" || name === "maxBytes"
      ? { sendQueue: { [name]: value } }
      : { [name]: value };
  test.each(
    sizes.flatMap((name) =>
      [0, -1, 0.5, NaN, "8", null, false].map((value): [string, unknown] => [name, value]),
    ),
  )("%s: %o", (name, value) => {
    const [fault, ...more] = check(put(name, value));
    expect(more).toEqual([]);
    expect(fault).toMatch(new RegExp(`^(sendQueue\\.)?${name}: a number, 1 or more, is needed, `));
    expect(fault).toContain(typeof value === "string" ? "'8'" : String(value));
  });
  test.each(sizes)("%s may be 1, or without a limit", (name) => {
    expect(check(put(name, 1))).toEqual([]);
    expect(check(put(name, Infinity))).toEqual([]);
  });

  test.each(
    ["exitOnFirstFailure", "noDelay"].flatMap((name) =>
      ["true", 1, null].map((value): [string, unknown] => [name, value]),
    ),
  )("%s: %o", (name, value) => {
    const shown = typeof value === "string" ? `'${value}'` : String(value);
    expect(check({ [name]: value })).toEqual([`${name}: true or false is needed, not ${shown}`]);
  });

  test.each([
    [
      { pluginErrorPolicy: "panic" },
      "pluginErrorPolicy: 'ignore' or 'disconnect' is needed, not 'panic'",
    ],
    [
      { sendQueue: { overflow: "block" } },
      "sendQueue.overflow: 'reject' or 'drop-oldest' or 'drop-newest' is needed, not 'block'",
    ],
    [
      { sendQueue: { whileDisconnected: null } },
      "sendQueue.whileDisconnected: 'hold' or 'reject' is needed, not null",
    ],
    [
      { sendQueue: { maxAge: -1 } },
      "sendQueue.maxAge: a number of milliseconds, 0 or more, is needed, not -1",
    ],
    [{ sendQueue: 5 }, "sendQueue: an object is needed, not 5"],
    [{ sendQueue: null }, "sendQueue: an object is needed, not null"],
    [{ shouldReconnect: true }, "shouldReconnect: a function is needed, not true"],
    [{ shouldReconnect: null }, "shouldReconnect: a function is needed, not null"],
    [{ random: 0.5 }, "random: a function is needed, not 0.5"],
    [{ protocols: "v1" }, "protocols: a list of strings is needed, not string"],
    [{ protocols: ["a b"] }, "protocols[0] is not a subprotocol"],
    [{ protocols: ["v1", "v1"] }, "protocols[1] is there twice"],
    [{ url: "nonsense" }, "url: 'nonsense' is not a URL"],
    [{ url: undefined }, "url: '' is not a URL"],
    [{ url: "ftp://server.test/" }, "url: 'ftp://server.test/' is neither ws: nor wss:"],
    [{ url: "ws://server.test/#top" }, "url: 'ws://server.test/' has a fragment"],
    [{ recieveTimeout: 5 }, "recieveTimeout: there is no such option"],
    [{ target: null }, "target: there is no such option"],
    [{ sendQueue: { size: 5 } }, "sendQueue.size: there is no such option"],
  ])("%o", (options, fault) => {
    expect(check(options)).toEqual([fault]);
  });

  test.each([null, {}, 5, { now: () => 0 }])("clock: %o", (clock) => {
    expect(check({ clock })).toEqual([
      `clock: an object with the functions now and schedule is needed, not ${clock !== null && typeof clock === "object" ? "an object" : clock}`,
    ]);
  });
});

test("a function where none belongs is not printed with its code", () => {
  expect(check({ noDelay: () => "code" })).toEqual([
    "noDelay: true or false is needed, not a function",
  ]);
});

test("a URL object and a URL function are as good as a string", () => {
  expect(check({ url: new URL(url) })).toEqual([]);
  expect(check({ url: () => url, protocols: () => [] })).toEqual([]);
});

test("there is a target to dial only when neither URL nor subprotocols have to be asked for", () => {
  const target = (options: object): unknown =>
    resolveOptions({ url, plugins: [], ...options }, []).target;
  expect(target({})).toBe(url);
  expect(target({ url: () => url })).toBe(null);
  expect(target({ protocols: () => [] })).toBe(null);
  expect(target({ url: () => url, protocols: () => [] })).toBe(null);
});

test("what a transport does to the subprotocols that nobody asked for reaches no other client", () => {
  const protocols = (): readonly string[] =>
    resolveOptions({ url, plugins: [] }, []).protocols as readonly string[];
  expect(() => (protocols() as string[]).push("v1")).toThrow(TypeError);
  expect(protocols()).toEqual([]);
});

test("the caller's subprotocols may change afterwards without any effect", () => {
  const protocols = ["v1"];
  const own = resolveOptions({ url, plugins: [], protocols }, []).protocols;
  protocols.push("v2");
  expect(own).toEqual(["v1"]);
});

test("one ConfigurationError lists all that is wrong, plugins included, and nothing secret", () => {
  const create = (): unknown =>
    createClient({
      url: "http://user:pass@[broken?token=secret",
      plugins: [],
      noDelay: "yes",
      stableAfter: -5,
      sendQueue: { capacity: 0 },
      typo: 1,
    } as unknown as ClientOptions);
  const { faults } = thrownBy(create) as ConfigurationError;
  expect(faults.map((fault) => fault.split(":")[0])).toEqual([
    "stableAfter",
    "noDelay",
    "typo",
    "url",
    "sendQueue.capacity",
    "plugins",
  ]);
  expect(String(faults)).not.toMatch(/user|pass|secret/);
});

test.each([undefined, null, 5, "ws://server.test/"])(
  "options must be an object, not %o",
  (options) => {
    expect(() => createClient(options as unknown as ClientOptions)).toThrow(ConfigurationError);
  },
);

test("a mistake in the options takes no plugin away from another client", () => {
  const server = memoryServer();
  const plugins = [memoryTransport(server), { name: "stateful", setup: () => {} }];
  expect(() => createClient({ url, plugins, noDelay: 5 as unknown as boolean })).toThrow(
    ConfigurationError,
  );
  expect(createClient({ url, plugins }).state.status).toBe("idle");
});
