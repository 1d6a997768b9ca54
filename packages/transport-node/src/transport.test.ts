import { once, type EventEmitter } from "node:events";
import type { ClientRequest } from "node:http";
import net from "node:net";
import { nextTick } from "node:process";
import type { AttemptContext } from "@stream-tungstenite/core";
import { frame, opcode } from "rig/frame";
import { listen } from "rig/listen";
import { serve } from "rig/serve";
import { describe, expect, test, vi } from "vitest";
import { nodeTransport, type NodeHeaders } from "./index.ts";
import { dial, failure } from "./testing/dial.ts";
import { loopback } from "./testing/lookup.ts";
import { UpgradedDuplex } from "./testing/upgraded-duplex.ts";

test("a dial tells how far it has come", async () => {
  let arrive = (): void => {};
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  const server = await serve({ answer: () => (arrive(), true) });
  const { connection } = dial(nodeTransport(), server.url);
  expect(connection.phase).toBe("tcp");
  await arrived;
  expect(connection.phase).toBe("upgrade");
});

describe("options that are functions", () => {
  test("are asked on every attempt, with its number and a signal", async () => {
    const server = await serve();
    const headers = vi.fn<(context: AttemptContext) => NodeHeaders>(({ attempt }) => ({
      authorization: `try ${attempt}`,
    }));
    const proxy = vi.fn<() => Promise<undefined>>(async () => undefined);
    const transport = nodeTransport({ headers, proxy, tls: () => ({}) });
    for (const attempt of [0, 1, 2]) await dial(transport, server.url, { attempt }).opened;
    expect(server.requests.map((request) => request.headers.authorization)).toEqual([
      "try 0",
      "try 1",
      "try 2",
    ]);
    expect(proxy.mock.calls.length).toBe(3);
    expect(headers.mock.calls[2]?.[0]).toMatchObject({
      attempt: 2,
      signal: expect.any(AbortSignal),
    });
  });

  test.each(["headers", "tls", "proxy"] as const)(
    "a rejection of %s fails the attempt",
    async (option) => {
      const cause = new Error("vault is sealed");
      const error = await failure(
        dial(
          nodeTransport({ [option]: () => Promise.reject(cause) }),
          "ws://127.0.0.1:9/?token=s3cret",
        ),
      );
      expect(error).toMatchObject({
        name: "ConnectError",
        phase: "options",
        retryable: true,
        message: `Cannot connect to ws://127.0.0.1:9/?token=***: option '${option}': the function threw`,
      });
      expect(error.cause).toBe(cause);
    },
  );

  test("one that throws is a rejection too, whatever it throws", async () => {
    const headers = (): never => {
      throw "no token";
    };
    const error = await failure(dial(nodeTransport({ headers }), "ws://127.0.0.1:9/"));
    expect(error).toMatchObject({ phase: "options", retryable: true, cause: "no token" });
    expect(error.message).not.toContain("no token");
  });

  test("an error with retryable: false is final", async () => {
    const headers = (): Promise<never> =>
      Promise.reject(Object.assign(new Error("account closed"), { retryable: false }));
    const error = await failure(dial(nodeTransport({ headers }), "ws://127.0.0.1:9/"));
    expect(error).toMatchObject({ phase: "options", retryable: false });
  });

  test.each([
    ["headers", { "b ad": "x" }, /must be text that a header may hold/],
    ["headers", "authorization: x", /must be an object/],
    ["tls", { roots: "none" }, /tls\.roots must be/],
    ["proxy", "ftp://user:s3cret@proxy", /proxy must be the percent-encoded URL/],
  ])("a value of %s that makes no sense is final: %j", async (option, value, message) => {
    const error = await failure(
      dial(nodeTransport({ [option]: () => value }), "ws://127.0.0.1:9/"),
    );
    expect(error).toMatchObject({
      phase: "options",
      retryable: false,
      cause: { name: "ConfigurationError" },
    });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("s3cret");
  });

  test("undefined means none", async () => {
    const server = await serve();
    const none = (): never => undefined as never;
    await dial(nodeTransport({ headers: none, proxy: none }), server.url).opened;
  });
});

describe("giving up", () => {
  test.each(["abort", "terminate", "close"] as const)(
    "%s stops waiting for an option",
    async (how) => {
      const controller = new AbortController();
      const signals: AbortSignal[] = [];
      const server = await serve();
      const client = dial(
        nodeTransport({
          headers: ({ signal }) => {
            signals.push(signal);
            return new Promise(() => {});
          },
        }),
        server.url,
        { signal: controller.signal },
      );
      await Promise.resolve();
      if (how === "abort") controller.abort(new Error("no longer wanted"));
      else if (how === "close") client.connection.close(1000, "");
      else client.connection.terminate();
      expect(await client.closed).toMatchObject({
        code: 1006,
        wasClean: false,
        error: { name: "ConnectError" },
      });
      expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
      expect(server.requests).toEqual([]);
    },
  );

  test("the reason of an abort is the cause", async () => {
    const reason = new Error("no longer wanted");
    const error = await failure(
      dial(nodeTransport(), "ws://127.0.0.1:9/", { signal: AbortSignal.abort(reason) }),
    );
    expect(error.cause).toBe(reason);
  });

  test("an option that comes late opens no socket", async () => {
    const server = await serve();
    let answer: (headers: Record<string, string>) => void = () => {};
    const headers = (): Promise<Record<string, string>> =>
      new Promise((resolve) => (answer = resolve));
    const client = dial(nodeTransport({ headers }), server.url);
    await Promise.resolve();
    client.connection.terminate();
    await client.closed;
    answer({});
    await dial(nodeTransport(), server.url).opened;
    expect(server.requests.length).toBe(1);
  });

  test("drops a socket whose server does not answer", async () => {
    const mute = net.createServer((socket) => socket.resume());
    const port = await listen(mute);
    const arrived = once(mute, "connection") as Promise<[net.Socket]>;
    const client = dial(nodeTransport(), `ws://127.0.0.1:${port}/`);
    const [socket] = await arrived;
    client.connection.terminate();
    await once(socket, "close");
    await client.closed;
  });
});

test("protocols are offered and the server's choice is told", async () => {
  const server = await serve();
  const client = dial(nodeTransport(), server.url, { protocols: ["a.v1", "b.v1"] });
  expect(await client.opened).toEqual({ protocol: "a.v1", extensions: "" });
});

test("compression is offered only when asked for", async () => {
  const server = await serve();
  expect((await dial(nodeTransport(), server.url).opened).extensions).toBe("");
  const client = dial(nodeTransport({ perMessageDeflate: true }), server.url);
  expect((await client.opened).extensions).toBe("permessage-deflate");
});

test("credentials in the URL are sent as Basic authentication", async () => {
  const server = await serve();
  await dial(nodeTransport(), server.url.replace("//", "//user:p%40ss@")).opened;
  expect(server.requests[0]?.headers.authorization).toBe(`Basic ${btoa("user:p@ss")}`);
});

test("other options reach ws, and finishRequest is called beside our own", async () => {
  const server = await serve();
  const finishRequest = vi.fn<(request: { end(): void }) => void>((request) => request.end());
  await dial(nodeTransport({ ws: { origin: "https://app.test", finishRequest } }), server.url)
    .opened;
  expect(server.requests[0]?.headers.origin).toBe("https://app.test");
  expect(finishRequest).toHaveBeenCalledTimes(1);
});

test.each([
  ["fixed options", {}],
  ["options that are asked", { headers: () => ({}) }],
])("a dial that finishRequest gives up leaves no socket, with %s", async (_, options) => {
  const controller = new AbortController();
  let request: ClientRequest | undefined;
  const finishRequest = (made: ClientRequest): void => {
    request = made;
    controller.abort();
    made.end();
  };
  const transport = nodeTransport({ ...options, ws: { finishRequest } });
  const server = await serve();
  await dial(transport, server.url, { signal: controller.signal }).closed;
  expect(request?.destroyed).toBe(true);
});

test("a finishRequest that throws leaves no socket", async () => {
  let request: ClientRequest | undefined;
  const finishRequest = (made: ClientRequest): void => {
    request = made;
    throw new Error("not so");
  };
  const server = await serve();
  const error = await failure(dial(nodeTransport({ ws: { finishRequest } }), server.url));
  expect(error.message).toContain("not so");
  expect(request?.destroyed).toBe(true);
});

test("listeners that finishRequest adds hear what ws says", async () => {
  const heard: unknown[] = [];
  const finishRequest = (request: ClientRequest, socket: EventEmitter): void => {
    for (const event of ["open", "ping", "close"]) {
      socket.on(event, (...args) => heard.push([event, ...args.map(String)]));
    }
    request.end();
  };
  const server = await serve();
  const client = dial(nodeTransport({ ws: { finishRequest } }), server.url);
  await client.opened;
  const peer = await server.peers.take();
  peer.ws.ping("p");
  peer.ws.close(1001, "bye");
  await client.closed;
  expect(heard).toEqual([["open"], ["ping", "p"], ["close", "1001", "bye"]]);
});

test("answers to pings do not wait behind what listeners send meanwhile", async () => {
  const socket = new UpgradedDuplex();
  const transport = nodeTransport({ ws: { createConnection: () => socket } });
  const { connection, opened, activities, closed } = dial(transport, "ws://feed.test/");
  await opened;
  for (let i = 0; i < 200; i++) {
    connection.send("reply");
    socket.push(frame(opcode.ping, `${i}`));
    // Within one turn.
    await new Promise<void>((resolve) => nextTick(resolve));
  }
  expect(activities.length).toBe(200);
  connection.terminate();
  expect((await closed).error).toBeUndefined();
});

test("lookup, family and localAddress reach the socket", async () => {
  const server = await serve();
  const lookup = vi.fn<typeof loopback>(loopback);
  const transport = nodeTransport({ lookup, family: 4, localAddress: "127.0.0.1" });
  await dial(transport, server.url.replace("127.0.0.1", "feed.test")).opened;
  expect(lookup.mock.calls[0]?.slice(0, 2)).toEqual([
    "feed.test",
    expect.objectContaining({ family: 4 }),
  ]);
});

test("an agent of one's own is used, and stays whole", async () => {
  const { Agent } = await import("node:http");
  const server = await serve();
  const agent = new Agent();
  const createConnection = vi.spyOn(agent, "createConnection");
  await dial(nodeTransport({ agent }), server.url).opened;
  expect(createConnection).toHaveBeenCalledTimes(1);
});

test("an agent of the wrong kind is a final failure of the options", async () => {
  const { Agent } = await import("node:http");
  const error = await failure(dial(nodeTransport({ agent: new Agent() }), "wss://127.0.0.1:9/"));
  expect(error).toMatchObject({ phase: "options", retryable: false });
  expect(error.message).toContain('Protocol "https:" not supported');
});

test.each([
  ["not a URL?token=s3cret", "url"],
  ["ws://127.0.0.1:9/#fragment", "options"],
])("a URL that cannot be dialed is final: %s", async (url, phase) => {
  const error = await failure(dial(nodeTransport(), url));
  expect(error).toMatchObject({ phase, retryable: false });
  expect(error.message).not.toContain("s3cret");
});

test("of a dial that was given up, the reason is told although its URL is none", async () => {
  const reason = new Error("no longer wanted");
  const signal = AbortSignal.abort(reason);
  const error = await failure(dial(nodeTransport(), "not a URL?token=s3cret", { signal }));
  expect(error.cause).toBe(reason);
  expect(error.message).toContain("no longer wanted");
});

test("subprotocols that cannot be offered are final", async () => {
  const error = await failure(dial(nodeTransport(), "ws://127.0.0.1:9/", { protocols: ["a b"] }));
  expect(error).toMatchObject({ phase: "options", retryable: false });
});

test("a connection of its own for each connect", async () => {
  const server = await serve();
  const transport = nodeTransport();
  const [first, second] = [dial(transport, server.url), dial(transport, server.url)];
  await Promise.all([first.opened, second.opened]);
  const peers = [await server.peers.take(), await server.peers.take()];
  for (const { ws } of peers) ws.send(`${ws.readyState}`);
  expect(await first.messages.take()).toEqual({ message: "1", bytes: 1 });
  expect(await second.messages.take()).toEqual({ message: "1", bytes: 1 });
});
