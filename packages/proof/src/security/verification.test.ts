import { once } from "node:events";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import type { NodeTransportOptions, TlsOptions } from "@stream-tungstenite/transport-node";
import { certificate } from "rig/certificates";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { judged } from "../hostile/verdict.ts";

const server = https.createServer(certificate({ name: "self" }));
const sockets = new WebSocketServer({ server });
let url: string;

beforeAll(async () => {
  sockets.on("connection", (socket) => {
    socket.on("error", () => {});
    socket.close(1008, "let in");
  });
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `wss://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  sockets.close();
  server.close();
});

const refused = { code: "CONNECT", phase: "tls", retryable: false };
const letIn = { code: "CONNECTION_LOST", close: { code: 1008, reason: "let in" } };

/** Environment variables for the time of a test. */
function environment(name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  onTestFinished(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

describe("a certificate that nobody vouches for is refused, for good,", () => {
  test.each<readonly [name: string, options: NodeTransportOptions]>([
    ["by default", {}],
    ["with options that say nothing of it", { tls: {} }],
    ["with a function for them", { tls: () => ({}) }],
    ["whatever a function smuggles in", { tls: () => ({ dangerAcceptInvalidCerts: false }) }],
    ["with an agent of one's own", { agent: new https.Agent() }],
    ["with redirects", { followRedirects: true }],
  ])("%s", async (_, options) => {
    const { cause, wasWorthARetry } = await judged(url, nodeTransport(options));
    expect(cause).toMatchObject(refused);
    expect(wasWorthARetry).toBe(false);
  });

  test.each<readonly [name: string, options: NodeTransportOptions]>([
    ["by default", {}],
    ["with options", { tls: {} }],
  ])("whatever NODE_TLS_REJECT_UNAUTHORIZED says, %s", async (_, options) => {
    environment("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    expect((await judged(url, nodeTransport(options))).cause).toMatchObject(refused);
  });

  test("and no other shape of options gets round that", async () => {
    const smuggled = { server: { rejectUnauthorized: false }, proxy: {} };
    const { cause } = await judged(url, nodeTransport({ tls: () => smuggled as TlsOptions }));
    expect(cause).toMatchObject({ code: "CONNECT", phase: "options" });
  });
});

describe("verification has no back door:", () => {
  test.each(["rejectUnauthorized", "secureContext", "checkServerIdentity", "ca", "agent"])(
    "ws.%s is refused",
    (name) => {
      expect(() => nodeTransport({ ws: { [name]: false } })).toThrow(
        `ws.${name} is set by the transport`,
      );
    },
  );

  test.each(["rejectUnauthorized", "insecure", "dangeracceptinvalidcerts"])(
    "tls.%s is no option",
    (name) => {
      const tls = { [name]: name !== "rejectUnauthorized" } as TlsOptions;
      expect(() => nodeTransport({ tls })).toThrow(`tls.${name} is no option`);
    },
  );

  test("an agent that verifies nothing is refused", () => {
    const agent = new https.Agent({ rejectUnauthorized: false });
    expect(() => nodeTransport({ agent })).toThrow("dangerAcceptInvalidCerts");
  });
});

test("dangerAcceptInvalidCerts accepts such a certificate, and warns", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  const transport = nodeTransport({ tls: { dangerAcceptInvalidCerts: true } });
  expect(warn).toHaveBeenCalledWith("tls.dangerAcceptInvalidCerts: servers are not verified");
  expect((await judged(url, transport)).cause).toMatchObject(letIn);
});
