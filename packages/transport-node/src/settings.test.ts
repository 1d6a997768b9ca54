import { ConfigurationError } from "@stream-tungstenite/core";
import { describe, expect, test } from "vitest";
import { nodeTransport, type NodeTransportOptions } from "./index.ts";

function faultsOf(options: unknown): readonly string[] {
  try {
    nodeTransport(options as NodeTransportOptions);
    return [];
  } catch (error) {
    return error instanceof ConfigurationError ? error.faults : [String(error)];
  }
}

describe("options that make sense are taken", () => {
  test.each<[NodeTransportOptions | undefined]>([
    [undefined],
    [{}],
    [{ headers: { authorization: "Bearer x", "x-many": ["a", "b"] } }],
    [{ headers: () => ({}), tls: () => ({}), proxy: () => undefined }],
    [{ proxy: "environment" }],
    [{ proxy: "http://user:p%40ss@127.0.0.1:3128" }],
    [{ proxy: new URL("socks5h://127.0.0.1") }],
    [{ agent: {}, perMessageDeflate: { threshold: 1 }, maxPayload: 1, keepAlive: 0 }],
    [{ keepAlive: false, localAddress: "::1", family: 0, lookup: () => {}, followRedirects: true }],
    [{ ws: { origin: "https://app.test", closeTimeout: 1_000 }, name: "mine" }],
    [{ headers: undefined, tls: undefined, proxy: undefined, maxPayload: undefined }],
  ])("%j", (options) => {
    expect(() => nodeTransport(options)).not.toThrow();
  });
});

describe("each that does not is named with its value", () => {
  test.each<[unknown, string]>([
    [{ maxPayload: 0 }, "maxPayload must be a number of bytes from 1 to 536870888, not 0"],
    [{ maxPayload: 1.5 }, "maxPayload must be a number of bytes from 1 to 536870888, not 1.5"],
    [{ maxPayload: "1" }, 'maxPayload must be a number of bytes from 1 to 536870888, not "1"'],
    [{ keepAlive: -1 }, "keepAlive must be false or whole milliseconds, not -1"],
    [{ keepAlive: true }, "keepAlive must be false or whole milliseconds, not true"],
    [{ family: 5 }, "family must be 0, 4 or 6, not 5"],
    [{ lookup: "dns" }, 'lookup must be a function, not "dns"'],
    [{ localAddress: "here" }, 'localAddress must be an IP address, not "here"'],
    [{ followRedirects: "yes" }, 'followRedirects must be true or false, not "yes"'],
    [{ perMessageDeflate: 1 }, "perMessageDeflate must be true, false or an object, not 1"],
    [{ agent: null }, "agent must be an http.Agent, not null"],
    [{ name: "" }, 'name must be a string that is not empty, not ""'],
    [{ ws: 1 }, "ws must be an object, not 1"],
    [{ ws: { headers: {} } }, "ws.headers is set by the transport; use its own option"],
    [
      { ws: { skipUTF8Validation: false } },
      "ws.skipUTF8Validation is set by the transport; use its own option",
    ],
    [
      { agent: {}, proxy: "http://p" },
      "agent and proxy exclude each other: an agent decides itself where to connect",
    ],
    [null, "options must be an object, not object"],
    [{ tls: { passphrase: 1 } }, "tls.passphrase must be a string, not number"],
  ])("%j", (options, fault) => {
    expect(faultsOf(options)).toEqual([fault]);
  });

  test("an unknown name, with the names there are", () => {
    expect(faultsOf({ header: {} })).toEqual([
      "header is not an option; there are headers, tls, proxy, agent, perMessageDeflate, maxPayload, keepAlive, localAddress, family, lookup, followRedirects, ws, name",
    ]);
    expect(faultsOf({ tls: { rejectUnauthorized: false } })[0]).toMatch(
      /^tls\.rejectUnauthorized is not an option; there are roots, ca, .*dangerAcceptInvalidCerts$/,
    );
  });
});

test("all faults are told in one error", () => {
  expect(
    faultsOf({
      maxPayload: -1,
      family: 7,
      headers: { "b ad": "x" },
      proxy: "ftp://p",
      tls: { roots: "none" },
    }),
  ).toHaveLength(5);
});

describe("headers", () => {
  test.each<[unknown, RegExp]>([
    [{ "b ad": "x" }, /^headers: "b ad" is no header name/],
    [
      { authorization: "s3cret\r\nx: y" },
      /^headers: "authorization" is no header name, or its value/,
    ],
    [{ authorization: 5 }, /^headers: 'authorization' must be a string or a list of strings$/],
    [
      { authorization: ["a", 5] },
      /^headers: 'authorization' must be a string or a list of strings$/,
    ],
    [
      { "Sec-WebSocket-Key": "x" },
      /^headers: 'Sec-WebSocket-Key' belongs to the opening handshake/,
    ],
    [{ Upgrade: "x" }, /^headers: 'Upgrade' belongs to the opening handshake/],
    ["authorization: x", /^headers must be an object, not string$/],
  ])("%j", (headers, fault) => {
    const [only, ...more] = faultsOf({ headers });
    expect(only).toMatch(fault);
    expect(more).toEqual([]);
    expect(only).not.toContain("s3cret");
  });
});

describe("a proxy's URL is never quoted, for it may hold a password", () => {
  test.each<[unknown, RegExp]>([
    ["user:s3cret@proxy.test:3128", /not one of scheme user$|is not a URL/],
    ["ftp://user:s3cret@proxy.test", /, not one of scheme ftp$/],
    ["//user:s3cret@proxy.test", /what was given is not a URL$/],
    ["http://user:s3cret%ZZ@proxy.test", /credentials are not percent-encoded/],
    ["socks5:///s3cret", /has no host$/],
    [3128, /, not number$/],
  ])("%j", (proxy, fault) => {
    const [only, ...more] = faultsOf({ proxy });
    expect(only).toMatch(fault);
    expect(more).toEqual([]);
    expect(only).not.toContain("s3cret");
  });
});

test("freshCredentials is told when headers, tls or proxy is a function", () => {
  expect(nodeTransport().freshCredentials).toBe(false);
  expect(nodeTransport({ headers: {} }).freshCredentials).toBe(false);
  expect(nodeTransport({ headers: () => ({}) }).freshCredentials).toBe(true);
  expect(nodeTransport({ tls: () => ({}) }).freshCredentials).toBe(true);
  expect(nodeTransport({ proxy: () => undefined }).freshCredentials).toBe(true);
});

test("its name is 'node' unless given", () => {
  expect(nodeTransport().name).toBe("node");
  expect(nodeTransport({ name: "mine" }).name).toBe("mine");
});
