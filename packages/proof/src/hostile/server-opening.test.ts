import { Buffer } from "node:buffer";
import { manualClock } from "@stream-tungstenite/core/testing";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { describe, expect, test } from "vitest";
import { turn } from "./clock.ts";
import { frame, opcode } from "rig/frame";
import { rawServer, type RawConnection } from "./raw-server.ts";
import { judged } from "./verdict.ts";

/** So much a server may send at most before it is cut off: what a client may read, and what kernels buffer. */
const bearable = 2 ** 25;
/** So much a hostile one would send. */
const flood = 2 ** 29;

describe("an answer that is no opening handshake fails the dial, and a retry may help", () => {
  const http = (...lines: readonly string[]): string => `${lines.join("\r\n")}\r\n\r\n`;
  const switching = "HTTP/1.1 101 Switching Protocols";
  const headers = ["Upgrade: websocket", "Connection: Upgrade"];

  test.each<
    readonly [name: string, answer: (connection: RawConnection) => string | Buffer, told: RegExp]
  >([
    ["random bytes", () => Buffer.from([0, 1, 2, 3, 255, 254, 13, 10, 13, 10]), /Parse Error/],
    ["another protocol's greeting", () => "SSH-2.0-OpenSSH_9.2p1\r\n", /Parse Error/],
    ["a TLS record", () => Buffer.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 0]), /Parse Error/],
    ["WebSocket frames at once", () => frame(opcode.text, "hello"), /Parse Error/],
    ["an HTTP version that there is not", () => http("HTTP/9.9 101 Sure"), /Parse Error/],
    ["a header without a name", () => http(switching, ": nothing"), /Parse Error/],
    ["a status that is no number", () => http("HTTP/1.1 okay fine"), /Parse Error/],
    [
      "no Sec-WebSocket-Accept",
      () => http(switching, ...headers),
      /Invalid Sec-WebSocket-Accept header/,
    ],
    [
      "a wrong Sec-WebSocket-Accept",
      () => http(switching, ...headers, "Sec-WebSocket-Accept: c3RyZWFtLXR1bmdzdGVuaXRl"),
      /Invalid Sec-WebSocket-Accept header/,
    ],
    [
      "the key itself for an answer",
      ({ head }) =>
        http(switching, ...headers, `Sec-WebSocket-Accept: ${/key: (.*)\r/i.exec(head)?.[1]}`),
      /Invalid Sec-WebSocket-Accept header/,
    ],
    [
      "an upgrade to something else",
      ({ accept }) =>
        http(switching, "Upgrade: h2c", headers[1]!, `Sec-WebSocket-Accept: ${accept}`),
      /Invalid Upgrade header/,
    ],
    [
      "a subprotocol that nobody asked for",
      ({ accept }) =>
        http(
          switching,
          ...headers,
          `Sec-WebSocket-Accept: ${accept}`,
          "Sec-WebSocket-Protocol: evil",
        ),
      /Server sent a subprotocol but none was requested/,
    ],
    [
      "an extension that nobody asked for",
      ({ accept }) =>
        http(
          switching,
          ...headers,
          `Sec-WebSocket-Accept: ${accept}`,
          "Sec-WebSocket-Extensions: permessage-deflate",
        ),
      /Server sent a Sec-WebSocket-Extensions header but no extension was requested/,
    ],
  ])("%s", async (_, answer, told) => {
    const server = await rawServer((connection) => connection.socket.write(answer(connection)));
    const { cause, wasWorthARetry, messages } = await judged(server.url, nodeTransport());
    expect(cause).toMatchObject({ code: "CONNECT", phase: "upgrade", retryable: true });
    expect(cause.message).toMatch(/^Cannot connect to ws:\/\/127\.0\.0\.1:\d+\/: /);
    expect(cause.message).toMatch(told);
    expect(wasWorthARetry).toBe(true);
    expect(messages).toEqual([]);
    await server.connections[0]!.gone;
  });

  test("another subprotocol than those offered", async () => {
    const server = await rawServer((connection) =>
      connection.upgrade("Sec-WebSocket-Protocol: evil"),
    );
    const { cause } = await judged(server.url, nodeTransport(), { protocols: ["good", "better"] });
    expect(cause).toMatchObject({ code: "CONNECT", phase: "upgrade" });
    expect(cause.message).toContain("Server sent an invalid subprotocol");
  });

  test.each([
    ["with a parameter that there is not", "permessage-deflate; evil=1"],
    ["that is another", "x-evil"],
    ["with a window of nonsense", "permessage-deflate; server_max_window_bits=99"],
    ["that cannot be read", "permessage-deflate; ="],
  ])("an extension %s", async (_, value) => {
    const server = await rawServer((connection) =>
      connection.upgrade(`Sec-WebSocket-Extensions: ${value}`),
    );
    const { cause } = await judged(server.url, nodeTransport({ perMessageDeflate: true }));
    expect(cause).toMatchObject({ code: "CONNECT", phase: "upgrade" });
    expect(cause.message).toMatch(
      /Invalid Sec-WebSocket-Extensions|extension that was not requested/,
    );
  });
});

test("an answer that ends in its middle is worth a retry", async () => {
  const server = await rawServer(({ socket }) => socket.end("HTTP/1.1 101 Switching Pro"));
  const { cause, wasWorthARetry } = await judged(server.url, nodeTransport());
  expect(cause).toMatchObject({ code: "CONNECT", phase: "upgrade", retryable: true });
  expect(wasWorthARetry).toBe(true);
});

test("an ordinary web page is final, and its start is quoted on one line", async () => {
  const page = "<!doctype html>\r\n<title>Hello\u0007</title>\r\n";
  const server = await rawServer(({ socket }) =>
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${page.length}\r\n\r\n${page}`),
  );
  const { cause, wasWorthARetry } = await judged(server.url, nodeTransport());
  expect(cause).toMatchObject({ code: "CONNECT", phase: "upgrade", status: 200, retryable: false });
  expect(cause.message).toMatch(/answered HTTP 200 OK: <!doctype html> <title>Hello <\/title>$/);
  expect(wasWorthARetry).toBe(false);
});

describe("an answer without end is cut off", () => {
  test.each([
    ["one header", "HTTP/1.1 101 Switching Protocols\r\nX-Endless: ", "a".repeat(2 ** 16)],
    ["many headers", "HTTP/1.1 101 Switching Protocols\r\n", "X-Many: more\r\n".repeat(2 ** 12)],
    ["a reason phrase", "HTTP/1.1 101 ", "a".repeat(2 ** 16)],
  ])("%s", async (_, start, more) => {
    const server = await rawServer((connection) => {
      connection.socket.write(start);
      connection.flood(Buffer.from(more), flood);
    });
    const { cause, wasWorthARetry } = await judged(server.url, nodeTransport());
    expect(cause).toMatchObject({ code: "CONNECT", phase: "upgrade", retryable: true });
    expect(cause.message).toMatch(/Header overflow|Parse Error/);
    expect(wasWorthARetry).toBe(true);
    const [connection] = server.connections;
    await connection!.gone;
    expect(connection!.sent).toBeLessThan(bearable);
  });

  test("the body of a refusal", async () => {
    const server = await rawServer((connection) => {
      connection.socket.write("HTTP/1.1 503 Service Unavailable\r\n\r\n");
      connection.flood(Buffer.alloc(2 ** 16, "sorry "), flood);
    });
    const { cause, wasWorthARetry } = await judged(server.url, nodeTransport());
    expect(cause).toMatchObject({ code: "CONNECT", status: 503, retryable: true });
    expect(cause.message.length).toBeLessThan(400);
    expect(wasWorthARetry).toBe(true);
    const [connection] = server.connections;
    await connection!.gone;
    expect(connection!.sent).toBeLessThan(bearable);
  });
});

describe("a server that takes its time runs into connectTimeout", () => {
  /** Sends one byte whenever the last has left, for ever; resolves when there were many. */
  const drip = (text: string) => (connection: RawConnection) =>
    new Promise<void>((enough) => {
      const { socket } = connection;
      let at = 0;
      const next = (): void => {
        if (at === 500) enough();
        if (!socket.destroyed)
          socket.write(text[at++ % text.length]!, () => void turn().then(next));
      };
      next();
    });

  test.each<readonly [name: string, act: (connection: RawConnection) => Promise<void>]>([
    ["that says nothing", () => Promise.resolve()],
    ["that goes on with headers for ever", drip("X-Slow: loris\r\n")],
    ["that asks for patience again and again", drip("HTTP/1.1 102 Processing\r\n\r\n")],
    ["that never begins its status line", drip("\r\n")],
  ])("%s", async (name, act) => {
    const clock = manualClock();
    let dripped: Promise<void> | undefined;
    const server = await rawServer((connection) => {
      if (name.includes("headers")) connection.socket.write("HTTP/1.1 101 Switching Protocols\r\n");
      dripped = act(connection).then(async () => {
        await clock.advance(9_999);
        expect(connection.socket.destroyed, "not a millisecond before").toBe(false);
        await clock.advance(1);
      });
    });
    const { cause, wasWorthARetry } = await judged(server.url, nodeTransport(), {
      clock,
      connectTimeout: 10_000,
    });
    expect(cause).toMatchObject({ code: "CONNECT_TIMEOUT", retryable: true });
    expect(cause.message).toMatch(
      /^Connecting to ws:\/\/127\.0\.0\.1:\d+\/ took more than 10000 ms$/,
    );
    expect(wasWorthARetry).toBe(true);
    await dripped;
    await server.connections[0]!.gone;
  });
});

describe("redirects", () => {
  const moved = (location: string): string =>
    `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;

  test("in a circle end after ten, and a retry may help", async () => {
    const server = await rawServer(({ socket }) => socket.end(moved("/again")));
    const transport = nodeTransport({ followRedirects: true });
    const { cause, wasWorthARetry } = await judged(server.url, transport);
    expect(cause).toMatchObject({ code: "CONNECT", phase: "upgrade" });
    expect(cause.message).toContain("Maximum redirects exceeded");
    expect(server.connections).toHaveLength(11);
    expect(wasWorthARetry).toBe(true);
  });

  test.each([
    ["to a file", "file:///etc/passwd"],
    ["to a script", "javascript:alert(1)"],
    ["to no URL at all", "http://[::1"],
    ["to an unfinished one", "//"],
  ])("%s fail the dial", async (_, location) => {
    const server = await rawServer(({ socket }) => socket.end(moved(location)));
    const transport = nodeTransport({ followRedirects: true });
    const { cause } = await judged(server.url, transport);
    expect(cause).toMatchObject({ code: "CONNECT" });
    expect(server.connections).toHaveLength(1);
  });
});
