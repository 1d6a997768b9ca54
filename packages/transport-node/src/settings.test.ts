import { validateHeaderName, validateHeaderValue } from "node:http";
import { faultsOf } from "rig";
import { describe, expect, test } from "vitest";
import { nodeTransport, type NodeTransportOptions } from "./index.ts";
import { headerFaults, readSettings } from "./settings.ts";

const faults = (options: unknown): readonly string[] =>
  faultsOf(() => nodeTransport(options as NodeTransportOptions));

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
    [{ maxPayload: 0 }, "maxPayload must be 1 to 536870888, not 0"],
    [{ maxPayload: 1.5 }, "maxPayload must be 1 to 536870888, not 1.5"],
    [{ maxPayload: "1" }, "maxPayload must be 1 to 536870888, not '1'"],
    [{ maxPayload: 536_870_889 }, "maxPayload must be 1 to 536870888, not 536870889"],
    [{ keepAlive: -1 }, "keepAlive must be false or milliseconds, not -1"],
    [{ keepAlive: true }, "keepAlive must be false or milliseconds, not true"],
    [{ family: 5 }, "family must be 0, 4 or 6, not 5"],
    [{ lookup: "dns" }, "lookup must be a function, not 'dns'"],
    [{ localAddress: "here" }, "localAddress must be an IP address, not 'here'"],
    [{ followRedirects: "yes" }, "followRedirects must be true or false, not 'yes'"],
    [{ perMessageDeflate: 1 }, "perMessageDeflate must be true, false or an object, not 1"],
    [{ agent: null }, "agent must be an object, not null"],
    [{ name: 1 }, "name must be a string, not 1"],
    [{ name: Symbol.iterator }, "name must be a string, not Symbol(Symbol.iterator)"],
    [{ headers: null }, "headers must be an object or a function, not null"],
    [{ tls: null }, "tls must be an object or a function, not null"],
    [{ proxy: null }, "proxy must be a string, an object or a function, not null"],
    [{ ws: 1 }, "ws must be an object, not 1"],
    [{ ws: null }, "ws must be an object, not null"],
    [{ ws: { headers: {} } }, "ws.headers is set by the transport"],
    [{ ws: { ca: "x" } }, "ws.ca is set by the transport"],
    [{ ws: { skipUTF8Validation: false } }, "ws.skipUTF8Validation is set by the transport"],
    [{ ws: { rejectUnauthorized: false } }, "ws.rejectUnauthorized is set by the transport"],
    [
      { agent: {}, proxy: "http://p" },
      "agent and proxy exclude each other: an agent finds its own way",
    ],
    [null, "options must be an object"],
    [{ tls: { passphrase: 1234 } }, "tls.passphrase must be a string, not number"],
    [{ tls: { minVersion: "TLSv1" } }, "tls.minVersion must be 'TLSv1.2' or 'TLSv1.3', not string"],
  ])("%j", (options, fault) => {
    expect(faults(options)).toEqual([fault]);
  });

  test("an unknown name, with the names there are", () => {
    expect(faults({ header: {} })).toEqual([
      "header is no option; there are headers, tls, proxy, agent, perMessageDeflate, maxPayload, keepAlive, localAddress, family, lookup, followRedirects, ws, name",
    ]);
    expect(faults({ tls: { rejectUnauthorized: false } })[0]).toMatch(
      /^tls\.rejectUnauthorized is no option; there are roots, ca, .*dangerAcceptInvalidCerts$/,
    );
  });
});

test("all faults are told in one error", () => {
  expect(
    faults({
      maxPayload: -1,
      family: 7,
      headers: { "b ad": "x" },
      proxy: "ftp://p",
      tls: { roots: "none" },
    }),
  ).toHaveLength(5);
});

describe("headers", () => {
  test.each<[unknown, string]>([
    [{ "b ad": "x" }, "headers: 'b ad' and its values must be text that a header may hold"],
    [
      { authorization: "s3cret\r\nx: y" },
      "headers: 'authorization' and its values must be text that a header may hold",
    ],
    [
      { authorization: 5 },
      "headers: 'authorization' and its values must be text that a header may hold",
    ],
    [
      { authorization: ["a", undefined] },
      "headers: 'authorization' and its values must be text that a header may hold",
    ],
    [{ "Sec-WebSocket-Key": "x" }, "headers: 'Sec-WebSocket-Key' is set by the opening handshake"],
    [{ Upgrade: "x" }, "headers: 'Upgrade' is set by the opening handshake"],
    ["a: b", "headers must be an object or a function, not 'a: b'"],
  ])("%j", (headers, fault) => {
    expect(faults({ headers })).toEqual([fault]);
  });
});

describe("a header may hold what Node lets it:", () => {
  const characters = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code));
  const throws = (task: () => void): boolean => {
    try {
      task();
      return false;
    } catch {
      return true;
    }
  };

  test.each(["", "a", "b c"])("each character behind %j, in its name and in its value", (start) => {
    for (const text of ["", ...characters].map((character) => start + character)) {
      const isName = !throws(() => validateHeaderName(text));
      expect(headerFaults({ [text]: "x" }).length, `name ${JSON.stringify(text)}`).toBe(+!isName);
      const isValue = !throws(() => validateHeaderValue("x", text));
      expect(headerFaults({ x: text }).length, `value ${JSON.stringify(text)}`).toBe(+!isValue);
    }
  });
});

describe("a proxy's URL is never quoted, for it may hold a password", () => {
  test.each<[unknown]>([
    ["user:s3cret@proxy.test:3128"],
    ["ftp://user:s3cret@proxy.test"],
    ["//user:s3cret@proxy.test"],
    ["http://user:s3cret%ZZ@proxy.test"],
    ["socks5:///s3cret"],
    [{ host: "s3cret" }],
  ])("%j", (proxy) => {
    expect(faults({ proxy })).toEqual([
      'proxy must be the percent-encoded URL of an http, https, socks4, socks4a, socks5 or socks5h proxy, or "environment"',
    ]);
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

test("transports that were given no options share what they go by", () => {
  expect(readSettings()).toBe(readSettings());
  expect(readSettings({})).not.toBe(readSettings());
  expect(readSettings({ keepAlive: 1 }).keepAlive).toBe(1);
});

test("an object without properties of its own keeps its options to itself", () => {
  class Options {
    get headers(): Record<string, string> {
      return { authorization: "Bearer s3cret" };
    }
  }
  for (const _ of [1, 2]) {
    expect(readSettings(new Options()).headers).toEqual({ authorization: "Bearer s3cret" });
    expect(readSettings().headers).toBeUndefined();
  }
});
