import type { Socket } from "node:net";
import { WebSocketClient, createClient } from "@stream-tungstenite/core";
import type {
  ConnectError,
  Connection,
  ConnectRequest,
  Message,
  Transport,
} from "@stream-tungstenite/core";
import {
  manualClock,
  memoryHarness,
  memoryServer,
  memoryTransport,
  transportContract,
} from "@stream-tungstenite/core/testing";
import { exponentialBackoff } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { Queue } from "rig/queue";
import { expect } from "vitest";
import { WebSocket } from "ws";
import { parity } from "../testing/parity.ts";
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

function request(url: string, protocols: readonly string[] = []): ConnectRequest {
  const { signal } = new AbortController();
  return { url, protocols, noDelay: true, highWaterMark: 1_000, attempt: 0, signal };
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
    const connection = nodeTransport().connect(request(server.url, ["v1"]), {
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
    const sendWhileAway = async (
      url: string,
      transport: Transport,
      drop: () => void,
    ): Promise<number> => {
      const strategy = exponentialBackoff({ jitter: "none" });
      await using client = createClient({ url, clock, plugins: [transport, strategy] });
      await client.connect();
      const scheduled = client.once("reconnectScheduled");
      drop();
      const { delay } = await scheduled;
      client.send("while away");
      await clock.advance(delay);
      await client.ready();
      return delay;
    };
    const memory = memoryServer();
    const drop = (): void => memory.drop();
    expect(await sendWhileAway(memory.url, memoryTransport(memory), drop)).toBe(1_000);
    expect(memory.peer.received).toEqual(["while away"]);

    const sockets: Socket[] = [];
    const real = await serve({ greet: ({ socket }) => void sockets.push(socket) });
    const cut = (): void => void sockets[0]?.destroy();
    expect(await sendWhileAway(real.url, nodeTransport(), cut)).toBe(1_000);
    await real.peers.take();
    expect(await (await real.peers.take()).messages.take()).toBe("while away");
  },

  74: async () => {
    const server = await serve();
    server.answers.push({ status: 503 }, { status: 503 });
    const strategy = exponentialBackoff({ initial: 1, jitter: "none" });
    const dial = (): Promise<number> =>
      new Promise((resolve) => {
        const listener = { onMessage() {}, onDrain() {}, onPong() {}, onActivity() {} };
        nodeTransport().connect(request(server.url), {
          ...listener,
          onOpen: () => resolve(101),
          onClose: ({ error }) => resolve((error as ConnectError | undefined)?.status ?? 0),
        });
      });
    const statuses = [await dial()];
    const delays: (number | null)[] = [];
    for (let attempt = 1; statuses.at(-1) !== 101; attempt++) {
      const asked = { attempt, previousDelay: null, elapsed: 0, uptime: 0, retryAfter: null };
      delays.push(strategy.nextDelay({ ...asked, cause: null, random: () => 0 }));
      statuses.push(await dial());
    }
    expect(statuses).toEqual([503, 503, 101]);
    expect(delays).toEqual([1, 2]);
  },
});
