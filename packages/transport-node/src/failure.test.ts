import net from "node:net";
import { freePort } from "rig/free-port";
import { listen } from "rig/listen";
import { serve } from "rig/serve";
import { describe, expect, test } from "vitest";
import { DialTrace } from "./dial-trace.ts";
import { connectFailure, optionFailure } from "./failure.ts";
import { nodeTransport } from "./index.ts";
import { dial, failure } from "./testing/dial.ts";
import { failingLookup } from "./testing/lookup.ts";

describe("name resolution", () => {
  test.each(["ENOTFOUND", "EAI_AGAIN"])("%s is phase dns and retried", async (code) => {
    const transport = nodeTransport({ lookup: failingLookup(code) });
    const error = await failure(dial(transport, "wss://feed.test/?token=s3cret"));
    expect(error).toMatchObject({
      phase: "dns",
      retryable: true,
      cause: { code },
      message: `Cannot connect to wss://feed.test/?token=***: getaddrinfo ${code} feed.test`,
    });
  });

  test("a lookup that fails in its own way is phase dns too", async () => {
    const lookup: net.LookupFunction = (_, __, done) => done(new Error("no registry"), "", 0);
    const error = await failure(dial(nodeTransport({ lookup }), "ws://feed.test/"));
    expect(error).toMatchObject({ phase: "dns", cause: { message: "no registry" } });
  });
});

describe("TCP", () => {
  test("a refused connection is phase tcp and retried", async () => {
    const port = await freePort();
    const error = await failure(dial(nodeTransport(), `ws://127.0.0.1:${port}/`));
    expect(error).toMatchObject({
      phase: "tcp",
      retryable: true,
      cause: { code: "ECONNREFUSED" },
      message: `Cannot connect to ws://127.0.0.1:${port}/: connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });

  test("of a name with several addresses each is told", async () => {
    const port = await freePort();
    const lookup: net.LookupFunction = (_, __, done) =>
      done(null, [
        { address: "127.0.0.1", family: 4 },
        { address: "127.0.0.2", family: 4 },
      ]);
    const transport = nodeTransport({ lookup, ws: { autoSelectFamily: true } });
    const error = await failure(dial(transport, `ws://feed.test:${port}/`));
    expect(error.phase).toBe("tcp");
    expect(error.message).toContain(`127.0.0.1:${port}; connect ECONNREFUSED 127.0.0.2:${port}`);
  });

  test("an address that cannot be had here", async () => {
    const server = await serve();
    const error = await failure(dial(nodeTransport({ localAddress: "192.0.2.1" }), server.url));
    expect(error).toMatchObject({ phase: "tcp", retryable: true });
    expect(error.message).toMatch(/EADDRNOTAVAIL|EINVAL/);
  });

  test.each(["ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"])("%s is phase tcp", (code) => {
    const cause = Object.assign(new Error(`connect ${code}`), { code, syscall: "connect" });
    const error = connectFailure(cause, new DialTrace("ws://a.test/"));
    expect(error).toMatchObject({ phase: "tcp", retryable: true, cause });
  });
});

describe("TLS", () => {
  test("a server without it is phase tls, with a hint, and retried", async () => {
    const { port } = await serve();
    const error = await failure(dial(nodeTransport(), `wss://127.0.0.1:${port}/`));
    expect(error).toMatchObject({ phase: "tls", retryable: true });
    expect(error.message).toMatch(/does the server speak TLS on this port\?$/);
  });

  test("a drop in the middle of it is phase tls and retried", async () => {
    const port = await listen(
      net.createServer((socket) => socket.once("data", () => socket.destroy())),
    );
    const error = await failure(dial(nodeTransport(), `wss://127.0.0.1:${port}/`));
    expect(error).toMatchObject({ phase: "tls", retryable: true });
  });
});

describe("certificates that are refused are final, and the message says what to do", () => {
  test.each([
    ["CERT_HAS_EXPIRED", "must renew it"],
    ["CERT_NOT_YET_VALID", "clock of this machine"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "set tls.ca"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "set tls.ca"],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "set tls.ca"],
    ["UNABLE_TO_GET_ISSUER_CERT", "set tls.ca"],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "set tls.ca"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "tls.servername"],
    ["CERT_REVOKED", ""],
    ["INVALID_CA", ""],
    ["PATH_LENGTH_EXCEEDED", ""],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "set tls.cert and tls.key"],
    ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "set tls.cert and tls.key"],
    ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "set tls.cert and tls.key"],
  ])("%s", (code, advice) => {
    const cause = Object.assign(new Error("refused"), { code });
    const error = connectFailure(cause, new DialTrace("wss://a.test/"));
    expect(error).toMatchObject({ phase: "tls", retryable: false, cause });
    expect(error.message).toContain(`: refused (${code})`);
    expect(error.message).toContain(advice);
  });
});

test.each(["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "EPROTO"])(
  "%s is phase tls and retried",
  (code) => {
    const error = connectFailure(
      Object.assign(new Error("x"), { code }),
      new DialTrace("wss://a.test/"),
    );
    expect(error).toMatchObject({ phase: "tls", retryable: true });
  },
);

test("what is no error at all is told all the same", () => {
  expect(connectFailure("odd", new DialTrace("ws://a.test/")).message).toBe(
    "Cannot connect to ws://a.test/: odd",
  );
  expect(connectFailure({}, new DialTrace("ws://a.test/")).message).toMatch(/no reason given$/);
  expect(optionFailure("headers", undefined, new DialTrace("ws://a.test/")).message).toMatch(
    /option 'headers': the function threw$/,
  );
});

test("a ConnectError stays what it is", () => {
  const trace = new DialTrace("ws://a.test/");
  const error = optionFailure("headers", new Error("x"), trace);
  expect(connectFailure(error, trace)).toBe(error);
});
