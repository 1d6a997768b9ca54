import { WebSocketClient, createClient, definePlugin } from "@stream-tungstenite/core";
import type { Connection, Message, Transport } from "@stream-tungstenite/core";
import {
  manualClock,
  memoryHarness,
  memoryServer,
  memoryTransport,
  transportContract,
} from "@stream-tungstenite/core/testing";
import { exponentialBackoff } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { expect } from "vitest";
import { WebSocket } from "ws";
import { parity } from "../testing/parity.ts";
import { Queue } from "../testing/queue.ts";
import { serve } from "../testing/server.ts";
import { lowLevel } from "./low-level.ts";

/** The least a transport can be: `ws` without pings, pauses or backpressure. */
function leastTransport(): Transport {
  return {
    name: "least",
    connect({ url }, listener): Connection {
      const ws = new WebSocket(url);
      ws.on("error", () => {});
      ws.on("open", () => listener.onOpen({ protocol: ws.protocol, extensions: ws.extensions }));
      ws.on("message", (data: Buffer, isBinary) => {
        listener.onMessage(isBinary ? new Uint8Array(data) : data.toString());
      });
      ws.on("close", (code, reason) => {
        listener.onClose({ code, reason: reason.toString(), wasClean: code !== 1006 });
      });
      return {
        bufferedAmount: 0,
        send: (message) => ws.send(message),
        close: (code, reason) => ws.close(code, reason),
        terminate: () => ws.terminate(),
      };
    },
  };
}

parity(lowLevel, {
  71: async () => {
    const server = await serve({ reply: (message) => message });
    const transport = leastTransport();
    await using client = createClient({ url: server.url, plugins: [transport] });
    await client.connect();
    const echo = client.once("message");
    client.send("through my own");
    expect(await echo).toBe("through my own");
    expect(await client.close()).toMatchObject({ wasClean: true });

    await using built = WebSocketClient.builder(server.url).connector(transport).build();
    await built.connect();
  },

  72: async () => {
    const server = await serve({ reply: (message) => message });
    const messages = new Queue<Message>();
    const opened = new Queue<string>();
    const closed = new Queue<number>();
    const request = {
      url: server.url,
      protocols: ["v1"],
      noDelay: true,
      highWaterMark: 1_000,
      attempt: 0,
      signal: new AbortController().signal,
    };
    const connection = nodeTransport().connect(request, {
      onOpen: ({ protocol }) => opened.put(protocol),
      onMessage: (message) => messages.put(message),
      onClose: ({ code }) => closed.put(code),
      onDrain() {},
      onPong() {},
      onActivity() {},
    });
    expect(await opened.take()).toBe("v1");
    connection.send("raw");
    expect(await messages.take()).toBe("raw");
    connection.close(4001, "enough");
    expect(await closed.take()).toBe(4001);
    const harness = memoryHarness({ wrap: (transport) => ({ ...transport, name: "wrapped" }) });
    expect(transportContract(harness).length).toBeGreaterThan(10);
  },

  73: async () => {
    const clock = manualClock();
    const server = memoryServer();
    await using client = createClient({
      url: server.url,
      clock,
      plugins: [memoryTransport(server), exponentialBackoff({ jitter: "none" })],
    });
    await client.connect();
    server.drop();
    client.send("during the outage");
    await clock.advance(1_000);
    expect(server.peer.received).toEqual(["during the outage"]);
  },

  74: async () => {
    const strategy = exponentialBackoff({ jitter: "none" });
    const asked = { attempt: 3, previousDelay: null, elapsed: 0, uptime: 0, retryAfter: null };
    expect(strategy.nextDelay({ ...asked, cause: null, random: () => 0 })).toBe(4_000);
    expect(definePlugin({ name: "shape" })).toEqual({ name: "shape" });
  },
});
