import { createClient, type ClientOptions, type WebSocketClient } from "@stream-tungstenite/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket as WsWebSocket } from "ws";
import { browserTransport, type BrowserTransportOptions } from "./index.ts";
import { echoServer } from "./testing/echo-server.ts";

const { WebSocket: own } = globalThis;

test("Node has a WebSocket of its own from 22 on", () => {
  expect(own !== undefined).toBe(Number.parseInt(process.versions.node, 10) >= 22);
});

const sockets: [name: string, WebSocket: unknown][] = [["ws", WsWebSocket]];
if (own) sockets.push(["Node's own", own]);

function connected(
  url: string,
  transport: BrowserTransportOptions,
  options: Partial<ClientOptions> = {},
): WebSocketClient {
  const strategy = { name: "at-once", nextDelay: () => 0 };
  const client = createClient({
    url,
    plugins: [browserTransport(transport), strategy],
    ...options,
  });
  onTestFinished(async () => void (await client.close()));
  return client;
}

describe.each(sockets)("a client on the WebSocket class: %s", (_, WebSocket) => {
  test("carries texts and bytes, comes back after a loss, and closes cleanly", async () => {
    const server = await echoServer();
    const client = connected(server.url, { WebSocket });
    await client.connect();
    for (const message of ["€", Uint8Array.of(0, 255), ""]) {
      const echoed = client.once("message");
      client.send(message);
      expect(await echoed).toEqual(message);
    }
    const [lost, back] = [client.once("disconnected"), client.once("connected")];
    server.kick(1012);
    expect(await lost).toMatchObject({ willRetry: true, cause: { close: { code: 1012 } } });
    expect(await back).toMatchObject({ reconnects: 1 });
    expect(await client.close({ code: 4000, reason: "enough" })).toMatchObject({ wasClean: true });
  });

  test("agrees on a subprotocol", async () => {
    const server = await echoServer();
    const client = connected(server.url, { WebSocket }, { protocols: ["v1", "v2"] });
    const opened = client.once("open");
    await client.connect();
    expect(await opened).toMatchObject({ protocol: "v2" });
  });

  test("fails once where nobody listens", async () => {
    const server = await echoServer();
    await server.stop();
    const url = `${server.url}?token=s3cret`;
    const client = connected(url, { WebSocket }, { exitOnFirstFailure: true });
    const failure = await client.connect().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "CONNECT", phase: "unknown", retryable: true });
    expect((failure as Error).message).toContain(`Connecting to ${server.url}?token=*** failed: `);
  });
});

describe("headers", () => {
  for (const WebSocket of own ? [own] : []) {
    test("reach the server, new ones on every attempt, beside the subprotocols", async () => {
      const server = await echoServer();
      const headers = async ({ attempt }: { readonly attempt: number }) => ({
        token: `t${attempt}`,
      });
      const client = connected(server.url, { WebSocket, headers }, { protocols: ["v1"] });
      await client.connect();
      const back = client.once("connected");
      server.kick(1011);
      await back;
      expect(server.headers).toMatchObject([
        { token: "t0", "sec-websocket-protocol": "v1" },
        { token: "t1", "sec-websocket-protocol": "v1" },
      ]);
    });
  }

  test("can be set by a class of one's own", async () => {
    const server = await echoServer();
    class Authorized extends WsWebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { headers: { token: "t" } });
      }
    }
    await connected(server.url, { WebSocket: Authorized }, { protocols: ["v1"] }).connect();
    expect(server.headers).toMatchObject([{ token: "t", "sec-websocket-protocol": "v1" }]);
  });
});
