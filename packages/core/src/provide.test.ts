import { afterEach, describe, expect, test, vi } from "vitest";
import { ConfigurationError, ConnectError, createClient, type AttemptContext } from "./index.ts";
import { parseUrl, protocolFaults } from "./provide.ts";
import { rig, watch } from "./test-kit.ts";

afterEach(() => vi.unstubAllGlobals());

describe("the URL function", () => {
  test("is asked on every attempt, with attempt and signal", async () => {
    const asked: AttemptContext[] = [];
    const { client, server, clock, connected } = rig({
      url: async (context) => {
        asked.push(context);
        return `ws://server.test/?n=${asked.length}`;
      },
    });
    await connected();
    server.drop();
    await clock.advance(1000);
    expect(asked.map(({ attempt }) => attempt)).toEqual([0, 1]);
    expect(server.dials.map(({ url }) => url)).toEqual([
      "ws://server.test/?n=1",
      "ws://server.test/?n=2",
    ]);
    expect(client.url).toBe("ws://server.test/?n=***");
  });

  test("has a signal that aborts with the attempt", async () => {
    let signal: AbortSignal | undefined;
    const { client, clock } = rig({
      url: (context) => {
        ({ signal } = context);
        return new Promise(() => {});
      },
    });
    watch(client.connect());
    await clock.settle();
    expect(signal?.aborted).toBe(false);
    watch(client.close());
    await clock.settle();
    expect(signal?.aborted).toBe(true);
  });

  test("that answers when the client has moved on dials nothing", async () => {
    let answer: (url: string) => void = () => {};
    const { client, server, clock } = rig({
      url: () => new Promise((resolve) => (answer = resolve)),
    });
    watch(client.connect());
    await clock.settle();
    watch(client.close());
    answer("ws://server.test/");
    await clock.settle();
    expect(server.dials).toHaveLength(0);
  });

  test.each([
    ["rejects", () => Promise.reject(new Error("secret"))],
    [
      "throws",
      () => {
        throw new Error("secret");
      },
    ],
  ])("that %s is a failed attempt of phase url, retried", async (_, url) => {
    const { client, clock, told } = rig({ url });
    watch(client.connect());
    await clock.settle();
    const error = told("error")[0]?.error as ConnectError;
    expect(error).toBeInstanceOf(ConnectError);
    expect(error).toMatchObject({ phase: "url", message: "The function given as url failed" });
    expect(error.cause).toMatchObject({ message: "secret" });
    expect(client.state.status).toBe("waiting");
  });

  test("whose error has retryable: false is fatal", async () => {
    const { client, clock } = rig({
      url: () => Promise.reject(Object.assign(new Error("revoked"), { retryable: false })),
    });
    watch(client.connect());
    await clock.settle();
    expect(client.state).toMatchObject({ status: "closed", cause: { phase: "url" } });
  });

  test("that rejects with nothing is retried", async () => {
    const { client, clock } = rig({ url: () => Promise.reject() });
    watch(client.connect());
    await clock.settle();
    expect(client.state.status).toBe("waiting");
  });

  test("that answers what is no URL is fatal", async () => {
    const { client, clock } = rig({ url: () => "http//user:secret@" });
    watch(client.connect());
    await clock.settle();
    expect(client.state).toMatchObject({
      status: "closed",
      cause: { code: "CONNECT", phase: "url", retryable: false },
    });
  });
});

describe("the function for subprotocols", () => {
  test("is asked on every attempt", async () => {
    const { server, clock, connected } = rig({ protocols: ({ attempt }) => [`v${attempt}`] });
    await connected();
    server.drop();
    await clock.advance(1000);
    expect(server.dials.map(({ protocols }) => protocols)).toEqual([["v0"], ["v1"]]);
  });

  test("that rejects is a failed attempt of phase options", async () => {
    const { client, clock, told } = rig({ protocols: () => Promise.reject(new Error("no")) });
    watch(client.connect());
    await clock.settle();
    expect(told("error")[0]?.error).toMatchObject({
      phase: "options",
      message: "The function given as protocols failed",
    });
  });

  test("that answers what cannot be offered is fatal", async () => {
    const { client, clock } = rig({ protocols: () => ["a b", "c", "c"] });
    watch(client.connect());
    await clock.settle();
    expect(client.state).toMatchObject({
      status: "closed",
      cause: {
        phase: "options",
        retryable: false,
        message: "protocols[0] is not a subprotocol; protocols[2] is there twice",
      },
    });
  });
});

describe("parseUrl", () => {
  test.each([
    ["ws://example.com", "ws://example.com/"],
    ["wss://example.com/a?b=c", "wss://example.com/a?b=c"],
    ["http://example.com/", "ws://example.com/"],
    ["https://example.com/", "wss://example.com/"],
    [new URL("https://example.com/"), "wss://example.com/"],
  ])("makes %s the absolute %s", (given, url) => {
    expect(parseUrl(given)).toBe(url);
  });

  test("resolves a relative URL where there is a location", () => {
    expect(() => parseUrl("/feed")).toThrow("'/feed' is not a URL");
    vi.stubGlobal("location", { href: "https://example.com/app/" });
    expect(parseUrl("feed")).toBe("wss://example.com/app/feed");
  });

  test.each([
    ["no url?token=secret", "'no url?token=***' is not a URL"],
    ["ftp://u:secret@example.com/", "'ftp://***@example.com/' is neither ws: nor wss:"],
    ["ws://example.com/#part", "'ws://example.com/' has a fragment"],
    [undefined, "'undefined' is not a URL"],
  ])("refuses %s without giving its secrets away", (given, message) => {
    expect(() => parseUrl(given)).toThrow(new TypeError(message));
  });

  test("is asked when the client is made, for a URL that is a value", () => {
    expect(() => createClient({ url: "no url", plugins: [] })).toThrow(ConfigurationError);
  });
});

describe("subprotocols", () => {
  test("are never quoted, for one may be a credential", () => {
    expect(protocolFaults(["secret=="]).concat(protocolFaults(["secret", "secret"]))).not.toContain(
      "secret",
    );
  });

  test.each<[unknown, readonly string[]]>([
    [[], []],
    [["graphql-transport-ws", "v1.a!#$%&'*+-.^_`|~"], []],
    ["mqtt", ["protocols: a list of strings is needed, not string"]],
    [[""], ["protocols[0] is not a subprotocol"]],
    [
      ["a,b", 7],
      ["protocols[0] is not a subprotocol", "protocols[1] is not a subprotocol"],
    ],
    [["a", "b", "a"], ["protocols[2] is there twice"]],
  ])("%j have the faults %j", (protocols, faults) => {
    expect(protocolFaults(protocols)).toEqual(faults);
  });
});
