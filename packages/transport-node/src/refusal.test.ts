import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { serve, type TestServer } from "rig/serve";
import { describe, expect, test } from "vitest";
import type { ConnectError } from "@stream-tungstenite/core";
import { atEndOfTurn } from "./clock.ts";
import { DialTrace } from "./dial-trace.ts";
import { nodeTransport } from "./index.ts";
import { readRefusal } from "./refusal.ts";
import { dial, failure } from "./testing/dial.ts";
import { loopback } from "./testing/lookup.ts";

/** A server that answers every upgrade with these lines and this body, and keeps the socket open. */
function answering(head: string, body: string | Buffer = "", end = true): Promise<TestServer> {
  return serve({
    answer: (_, socket) => {
      socket.write(`HTTP/1.1 ${head}\r\n\r\n`);
      socket.write(body);
      if (end) socket.end();
      return true;
    },
  });
}

async function refusal(server: TestServer, options = {}, query = ""): Promise<ConnectError> {
  return failure(dial(nodeTransport(options), server.url + query));
}

describe("an HTTP answer that refuses the upgrade", () => {
  test.each([
    [401, "Unauthorized", false],
    [403, "Forbidden", false],
    [404, "Not Found", false],
    [200, "OK", false],
    [408, "Request Timeout", true],
    [425, "Too Early", true],
    [429, "Too Many Requests", true],
    [500, "Internal Server Error", true],
    [503, "Service Unavailable", true],
  ])("%d is told with its status", async (status, name, retryable) => {
    const server = await answering(`${status} whatever`);
    expect(await refusal(server)).toMatchObject({
      name: "ConnectError",
      phase: "upgrade",
      status,
      retryable,
      message: `Cannot connect to ${server.url}: the server answered HTTP ${status} ${name}`,
    });
  });

  test("Retry-After is told in milliseconds", async () => {
    const error = await refusal(await answering("503 Busy\r\nRetry-After: 7"));
    expect(error.retryAfter).toBe(7_000);
  });

  test("a Retry-After that makes no sense is ignored", async () => {
    const error = await refusal(await answering("503 Busy\r\nRetry-After: soon"));
    expect(error.status).toBe(503);
    expect(error.retryAfter).toBeUndefined();
  });

  test("the start of the body is quoted", async () => {
    const server = await answering("403 No\r\nContent-Length: 17", '{"error":"quota"}');
    expect((await refusal(server)).message).toMatch(/HTTP 403 Forbidden: \{"error":"quota"\}$/);
  });

  test("at most 200 characters of it, on one line, without control characters", async () => {
    const body = `a\r\n\tb\u0000\u001b[31mc\u202ed ${"x".repeat(500)}`;
    const error = await refusal(await answering("403 No", body));
    const quoted = error.message.slice(error.message.indexOf("Forbidden: ") + 11);
    expect(quoted).toBe(`a b [31mc d ${"x".repeat(188)}…`);
  });

  test("a body without end is not read to its end", async () => {
    const server = await answering("403 No", "x".repeat(10_000), false);
    expect((await refusal(server)).status).toBe(403);
  });

  test("what the server echoes of our credentials is not quoted", async () => {
    const body = "invalid: Bearer abc.def.ghi; key=k-1234567; query q-7654321 and pass-word";
    const server = await answering("401 No", body);
    const transport = nodeTransport({
      headers: { authorization: "Bearer abc.def.ghi", "x-api-key": ["k-1234567"] },
    });
    const url = server.url.replace("//", "//user:pass-word@");
    const error = await failure(dial(transport, `${url}?token=q-7654321`));
    expect(error.message).toMatch(
      /Unauthorized: invalid: \*\*\*; key=\*\*\*; query \*\*\* and \*\*\*$/,
    );
  });
});

describe("of a secret that the server echoes no part is quoted,", () => {
  const options = { headers: { authorization: "Bearer s3cret-s3cret/s3cret" } };

  test("when the answer is longer than what is read", async () => {
    // Told in the excerpt, since white space does not count.
    const body = `no:${" ".repeat(2_035)}s3cret-s3cret/s3cret`;
    expect((await refusal(await answering("403 No", body), options)).message).toMatch(
      /Forbidden: no: \*{3}$/,
    );
  });

  test("when the answer breaks off", async () => {
    const server = await answering("403 No\r\nContent-Length: 99", "no: s3cret-s3");
    expect((await refusal(server, options)).message).toMatch(/Forbidden: no: \*{3}$/);
  });

  test("when it breaks off within a character", async () => {
    const body = Buffer.concat([Buffer.from("no: s3cret-"), Buffer.of(0xe2, 0x82)]);
    const server = await answering("403 No\r\nContent-Length: 99", body);
    const error = await failure(
      dial(nodeTransport(), `${server.url}?t=${encodeURIComponent("s3cret-€")}`),
    );
    expect(error.message).toMatch(/Forbidden: no: \*{3}$/);
  });

  test("when it is a subprotocol", async () => {
    const server = await answering("400 No", "Unsupported subprotocol: v1,s3cret~s3cret");
    const error = await failure(
      dial(nodeTransport(), server.url, { protocols: ["v1", "s3cret~s3cret"] }),
    );
    expect(error.message).toMatch(/Bad Request: Unsupported subprotocol: v1,\*{3}$/);
  });

  test.each(["s3cret-s3cret/s3cret", "s3cret-s3cret%2Fs3cret"])(
    "when it redirects to %s",
    async (place) => {
      const server = await answering(`302 Found\r\nLocation: /login/${place}/now`);
      expect((await refusal(server, options)).message).toMatch(
        /HTTP 302 Found to \/login\/\*{3}\/now; set/,
      );
    },
  );
});

test("where it redirects to is told on one line, and not for long", async () => {
  const place = Buffer.from(`/a\x9b31m${"x".repeat(300)}`, "latin1");
  const server = await serve({
    answer: (_, socket) => {
      socket.write("HTTP/1.1 302 Found\r\nLocation: ");
      socket.end(Buffer.concat([place, Buffer.from("\r\n\r\n")]));
      return true;
    },
  });
  expect((await refusal(server)).message).toMatch(/ to \/a 31mx{194}…; set/);
});

test("a body that never comes is waited for only a while", async () => {
  const response = Object.assign(new PassThrough(), {
    statusCode: 503,
    headers: { "retry-after": "1" },
  }) as unknown as IncomingMessage;
  let pass = (): void => {};
  const clock = {
    now: () => 0,
    schedule: (delay: number, task: () => void) => {
      expect(delay).toBe(500);
      pass = task;
      return () => {};
    },
  };
  const reading = readRefusal(response, new DialTrace("ws://a.test/"), clock);
  let settled = false;
  void reading.then(() => (settled = true));
  (response as unknown as PassThrough).write("half a bo");
  await new Promise<void>((resolve) => atEndOfTurn(resolve));
  expect(settled).toBe(false);
  pass();
  expect(await reading).toMatchObject({
    status: 503,
    retryAfter: 1_000,
    message: expect.stringMatching(/: half a bo$/),
  });
  response.destroy(new Error("aborted"));
  await new Promise((resolve) => response.once("close", resolve));
});

test("a body that is cut off is told as far as it came, and no timer stays", async () => {
  const body = new PassThrough();
  const response = Object.assign(body, { statusCode: 500, headers: {} });
  let timers = 0;
  const clock = { now: () => 0, schedule: () => (timers++, () => timers--) };
  const reading = readRefusal(
    response as unknown as IncomingMessage,
    new DialTrace("ws://a.test/"),
    clock,
  );
  body.write("half");
  await new Promise<void>((resolve) => atEndOfTurn(resolve));
  expect(timers).toBe(1);
  body.destroy(new Error("aborted"));
  expect((await reading).message).toMatch(/HTTP 500 Internal Server Error: half$/);
  await new Promise<void>((resolve) => atEndOfTurn(resolve));
  expect(timers).toBeLessThanOrEqual(0);
});

describe("redirects", () => {
  test("are not followed unless asked for, and told without their secrets", async () => {
    const server = await answering(
      "302 Found\r\nLocation: wss://user:s3cret@b.test/feed?token=s3cret#x",
    );
    expect(await refusal(server)).toMatchObject({
      status: 302,
      retryable: false,
      message: `Cannot connect to ${server.url}: the server answered HTTP 302 Found to wss://***@b.test/feed; set followRedirects to follow it`,
    });
  });

  test("to a relative place are told too", async () => {
    const server = await answering("301 Moved\r\nLocation: ../v2?token=s3cret");
    expect((await refusal(server)).message).toMatch(/HTTP 301 Moved Permanently to \.\.\/v2; set/);
  });

  test("are followed when asked for; credentials stay with the first host", async () => {
    const target = await serve();
    const server = await answering(`307 There\r\nLocation: ws://localhost:${target.port}/v2`);
    const headers = { authorization: "Bearer s3cret", cookie: "s3cret", "x-client": "feed" };
    const client = dial(
      nodeTransport({ headers, lookup: loopback, followRedirects: true }),
      server.url,
    );
    await client.opened;
    expect(server.requests[0]?.headers.authorization).toBe("Bearer s3cret");
    const [request] = target.requests;
    expect(request?.url).toBe("/v2");
    expect(request?.headers).toMatchObject({ "x-client": "feed" });
    expect(request?.headers).not.toHaveProperty("authorization");
    expect(request?.headers).not.toHaveProperty("cookie");
  });

  test("to what is no URL end, and do not show it", async () => {
    const server = await answering("302 Found\r\nLocation: ws://[s3cret");
    const error = await refusal(server, { followRedirects: true });
    expect(error.message).toBe(`Cannot connect to ${server.url}: Invalid URL`);
  });

  test("in a circle end", async () => {
    const server = await answering("302 Found\r\nLocation: /again");
    const error = await refusal(server, { followRedirects: true });
    expect(error).toMatchObject({ phase: "upgrade" });
    expect(error.message).toContain("Maximum redirects exceeded");
  });
});

describe("an answer that is no opening handshake", () => {
  test.each([
    [
      "a wrong Sec-WebSocket-Accept",
      "101 Ok\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no",
      "Invalid Sec-WebSocket-Accept",
    ],
    ["a wrong Upgrade", "101 Ok\r\nUpgrade: smtp\r\nConnection: Upgrade", "Invalid Upgrade header"],
    ["no HTTP at all", "\r\n220 mail.test ESMTP", "Parse Error"],
  ])("%s", async (_, head, message) => {
    const error = await refusal(await answering(head));
    expect(error).toMatchObject({ phase: "upgrade", retryable: true });
    expect(error.message).toContain(message);
    expect(error.cause).toBeInstanceOf(Error);
  });

  test("a drop", async () => {
    const server = await serve({ answer: (_, socket) => (socket.destroy(), true) });
    const error = await refusal(server);
    expect(error).toMatchObject({
      phase: "upgrade",
      retryable: true,
      cause: { code: "ECONNRESET" },
    });
  });
});
