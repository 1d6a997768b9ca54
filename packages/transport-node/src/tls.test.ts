import { createPrivateKey } from "node:crypto";
import tls from "node:tls";
import { ConfigurationError, type ConnectError } from "@stream-tungstenite/core";
import { certificate, der, pkcs12 } from "rig/certificates";
import { serve, type TestServer } from "rig/serve";
import { describe, expect, test, vi } from "vitest";
import { nodeTransport, type TlsOptions } from "./index.ts";
import { dial, failure } from "./testing/dial.ts";
import { tlsSettings } from "./tls.ts";

const ca = certificate({ name: "test authority", isAuthority: true });
const otherCa = certificate({ name: "other authority", isAuthority: true });
const good = certificate({ name: "server", issuer: ca });
const client = certificate({ name: "client", issuer: ca });

const secure = (identity: { cert: string; key: string }, more = {}): Promise<TestServer> =>
  serve({ tls: { ...identity, ...more } });
const connect = (server: TestServer, options: TlsOptions = {}): Promise<unknown> =>
  dial(nodeTransport({ tls: options }), server.url).opened;
const refused = (server: TestServer, options: TlsOptions = {}): Promise<unknown> =>
  failure(dial(nodeTransport({ tls: options }), server.url));

describe("an authority of one's own", () => {
  const encode = new TextEncoder();
  test.each<[string, TlsOptions["ca"]]>([
    ["as text", ca.cert],
    ["as bytes", encode.encode(ca.cert)],
    ["as DER", der(ca.cert)],
    ["in a list", [otherCa.cert, encode.encode(ca.cert)]],
    ["in a bundle", `${otherCa.cert}\n${ca.cert}`],
  ])("%s is trusted", async (_, authority) => {
    await connect(await secure(good), { ca: authority });
  });

  test("is trusted beside the bundled roots", async () => {
    await connect(await secure(good), { ca: ca.cert, roots: "bundled" });
  });

  test("may come from a function", async () => {
    const server = await secure(good);
    await dial(nodeTransport({ tls: async () => ({ ca: ca.cert }) }), server.url).opened;
  });
});

describe("a certificate that is refused is final", () => {
  const because = (code: string, advice: string): unknown =>
    expect.objectContaining({
      name: "ConnectError",
      phase: "tls",
      retryable: false,
      cause: expect.objectContaining({ code }),
      message: expect.stringContaining(advice),
    });

  test("self-signed", async () => {
    const server = await secure(certificate({ name: "nobody" }));
    expect(await refused(server)).toEqual(because("DEPTH_ZERO_SELF_SIGNED_CERT", "set tls.ca"));
  });

  test("from an authority unknown here", async () => {
    const server = await secure(good);
    const expected = because("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "set tls.ca");
    expect(await refused(server)).toEqual(expected);
    expect(await refused(server, { ca: otherCa.cert })).toEqual(expected);
    expect(await refused(server, { roots: "bundled" })).toEqual(expected);
  });

  test("with an unknown authority in its chain", async () => {
    const server = await secure({ cert: `${good.cert}\n${ca.cert}`, key: good.key });
    expect(await refused(server)).toEqual(because("SELF_SIGNED_CERT_IN_CHAIN", "set tls.ca"));
  });

  test("expired", async () => {
    const server = await secure(certificate({ name: "old", from: -2, until: -1, issuer: ca }));
    expect(await refused(server, { ca: ca.cert })).toEqual(
      because("CERT_HAS_EXPIRED", "must renew it"),
    );
  });

  test("not yet valid", async () => {
    const server = await secure(certificate({ name: "new", from: 1, until: 2, issuer: ca }));
    expect(await refused(server, { ca: ca.cert })).toEqual(because("CERT_NOT_YET_VALID", "clock"));
  });

  test("for another host", async () => {
    const server = await secure(certificate({ name: "b", hosts: ["b.test"], issuer: ca }));
    expect(await refused(server, { ca: ca.cert })).toEqual(
      because("ERR_TLS_CERT_ALTNAME_INVALID", "tls.servername"),
    );
    await connect(server, { ca: ca.cert, servername: "b.test" });
  });

  test("by a check of one's own", async () => {
    const checkServerIdentity = vi.fn<() => Error>(() => new Error("not pinned"));
    const server = await secure(good);
    expect(await refused(server, { ca: ca.cert, checkServerIdentity })).toMatchObject({
      phase: "tls",
      retryable: false,
      cause: { message: "not pinned" },
    });
    expect(checkServerIdentity).toHaveBeenCalledWith("127.0.0.1", expect.anything());
  });
});

test("a TLS version the server does not speak is no matter of certificates", async () => {
  const server = await secure(good, { maxVersion: "TLSv1.2" });
  expect(await refused(server, { ca: ca.cert, minVersion: "TLSv1.3" })).toMatchObject({
    phase: "tls",
    retryable: true,
  });
  await connect(server, { ca: ca.cert, minVersion: "TLSv1.2" });
});

describe("a server that wants to know who we are", () => {
  const strict = (): Promise<TestServer> =>
    secure(good, { ca: ca.cert, requestCert: true, rejectUnauthorized: true });
  const encrypted = (): string =>
    createPrivateKey(client.key).export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "open sesame",
    }) as string;

  test("takes certificate and key", async () => {
    const server = await strict();
    await connect(server, { ca: ca.cert, cert: client.cert, key: client.key });
    await connect(server, {
      ca: ca.cert,
      cert: Buffer.from(client.cert),
      key: Buffer.from(client.key),
    });
  });

  test("takes a key with a passphrase", async () => {
    const options = { ca: ca.cert, cert: client.cert, key: encrypted(), passphrase: "open sesame" };
    await connect(await strict(), options);
  });

  test("takes a PKCS#12 archive", async () => {
    const pfx = new Uint8Array(pkcs12(client, "open sesame"));
    await connect(await strict(), { ca: ca.cert, pfx, passphrase: "open sesame" });
  });

  test("refuses us without", async () => {
    const error = (await refused(await strict(), { ca: ca.cert })) as ConnectError;
    expect(error).toMatchObject({ name: "ConnectError", phase: "tls", retryable: false });
    expect(error.message).toMatch(
      /: tlsv13 alert certificate required \(ERR_SSL_\w+\); the server refused our certificate: set tls.cert and tls.key, or tls.pfx$/,
    );
  });
});

describe("roots", () => {
  test("of the system are read where Node can", () => {
    const read = vi.fn<() => string[]>(() => [ca.cert]);
    tlsSettings({ roots: "system" }, read);
    expect(read).toHaveBeenCalledWith("system");
    const { proxy } = tlsSettings({ roots: "system", ca: otherCa.cert }, read);
    expect(proxy.ca).toEqual([ca.cert, otherCa.cert]);
    expect(tlsSettings({ roots: "both" }, read).proxy.ca).toEqual([
      ...tls.rootCertificates,
      ca.cert,
    ]);
  });

  test.each(["system", "both"] as const)("%s elsewhere names a Node that can", (roots) => {
    expect(() => tlsSettings({ roots }, null as never)).toThrow(
      new ConfigurationError([
        `tls.roots "${roots}" needs Node 22.15, 23.10 or later; this is ${process.version}`,
      ]),
    );
  });
});

describe("mistakes show before the first connection", () => {
  test.each<[string, TlsOptions, RegExp]>([
    [
      "a certificate without key",
      { cert: client.cert },
      /^tls\.cert and tls\.key need each other$/,
    ],
    ["a key without certificate", { key: client.key }, /^tls\.cert and tls\.key need each other$/],
    [
      "a key of another certificate",
      { cert: client.cert, key: good.key },
      /^tls\.cert with tls\.key cannot be read: .*mismatch/,
    ],
    [
      "a certificate that is none",
      { cert: "s3cret", key: client.key },
      /^tls\.cert with tls\.key cannot be read/,
    ],
    ["an authority that is none", { ca: "s3cret" }, /^tls\.ca cannot be read/],
    ["an archive that is none", { pfx: Uint8Array.of(1) }, /^tls\.pfx cannot be read/],
    [
      "a wrong passphrase",
      { pfx: pkcs12(client, "a"), passphrase: "s3cret" },
      /^tls\.pfx cannot be read: .*mac verify/,
    ],
    ["an empty authority", { ca: "" }, /^tls\.ca cannot be read/],
  ])("%s", (_, options, fault) => {
    let faults: readonly string[] = [];
    try {
      nodeTransport({ tls: options });
    } catch (error) {
      faults = (error as ConfigurationError).faults;
    }
    expect(faults.length).toBe(1);
    expect(faults[0]).toMatch(fault);
    expect(faults[0]).not.toContain("s3cret");
  });

  test("several are told together", () => {
    const options = { ca: "none", cert: "none", pfx: Uint8Array.of(1) };
    expect(() => nodeTransport({ tls: options })).toThrow(/^3 faults:/);
  });
});

test("dangerAcceptInvalidCerts accepts anything, and warns once", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  try {
    const server = await secure(certificate({ name: "b", hosts: ["b.test"], from: -2, until: -1 }));
    await connect(server, { dangerAcceptInvalidCerts: true });
    await connect(server, { dangerAcceptInvalidCerts: true });
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain("tls.dangerAcceptInvalidCerts");
  } finally {
    warn.mockRestore();
  }
});

test("messages pass over TLS in one record for the small ones of a turn", async () => {
  const server = await secure(good);
  const dialed = dial(nodeTransport({ tls: { ca: ca.cert } }), server.url);
  await dialed.opened;
  const peer = await server.peers.take();
  for (let i = 0; i < 100; i++) dialed.connection.send(`message ${i}`);
  for (let i = 0; i < 100; i++) expect(await peer.messages.take()).toBe(`message ${i}`);
});
