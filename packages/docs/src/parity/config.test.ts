import { once } from "node:events";
import {
  ConnectTimeoutError,
  DROP,
  HandshakeTimeoutError,
  IdleTimeoutError,
  createClient,
  definePlugin,
  fastReconnect,
  lowLatency,
  sendMessage,
  stableConnection,
} from "@stream-tungstenite/core";
import type { WebSocketClient } from "@stream-tungstenite/core";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { exponentialBackoff, fixedDelay } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { expect } from "vitest";
import { next } from "../testing/listen.ts";
import { parity } from "../testing/parity.ts";
import { presetDoes, watchedSockets } from "../testing/preset.ts";
import { serve } from "../testing/server.ts";
import { config } from "./config.ts";

const soon = fixedDelay(1);

parity(config, {
  27: async () => {
    const server = await serve();
    await using client = createClient({
      url: server.url,
      receiveTimeout: 20,
      plugins: [nodeTransport(), soon],
    });
    const lost = client.once("disconnected");
    await client.connect();
    const again = client.once("connected");
    const { cause } = await lost;
    expect(cause).toBeInstanceOf(IdleTimeoutError);
    await again;

    // A heartbeat asks first: a silent server that answers is not lost, a dead one is.
    const quiet = await serve();
    const asking = (timeout: number): WebSocketClient =>
      createClient({
        url: quiet.url,
        plugins: [nodeTransport(), soon, heartbeat({ interval: 5, timeout })],
      });
    await using patient = asking(60_000);
    await patient.connect();
    const { ws } = await quiet.peers.take();
    await once(ws, "ping");
    await once(ws, "ping");
    expect(patient.snapshot().connectionCount).toBe(1);
    await using strict = asking(20);
    await strict.connect();
    const dead = strict.once("disconnected");
    (await quiet.peers.take()).socket.pause();
    expect((await dead).cause).toBeInstanceOf(IdleTimeoutError);
  },

  28: async () => {
    const mute = await serve();
    mute.answers.push("silence");
    const timeouts = { connectTimeout: 50, handshakeTimeout: 50, exitOnFirstFailure: true };
    const silent = createClient({ ...timeouts, url: mute.url, plugins: [nodeTransport(), soon] });
    const late = await silent.connect().catch((error: unknown) => error);
    expect(late).toBeInstanceOf(ConnectTimeoutError);
    expect(late).toMatchObject({ message: expect.stringContaining("50 ms") });
    const undecided = createClient({
      ...timeouts,
      url: () => new Promise<string>(() => {}),
      plugins: [nodeTransport(), soon],
    });
    await expect(undecided.connect()).rejects.toMatchObject({
      code: "CONNECT_TIMEOUT",
      phase: "url",
    });
    const ignored = createClient({
      ...timeouts,
      connectTimeout: 10_000,
      url: (await serve()).url,
      plugins: [nodeTransport(), soon, sendMessage("hello?", { reply: true })],
    });
    const unanswered = await ignored.connect().catch((error: unknown) => error);
    expect(unanswered).toBeInstanceOf(HandshakeTimeoutError);
    expect(unanswered).toMatchObject({ message: expect.stringContaining("50 ms") });
  },

  29: async () => {
    const server = await serve({ greet: ({ ws }) => ws.close(4000) });
    server.answers.push("drop");
    await using client = createClient({
      url: server.url,
      handshakeRetryDelay: 30,
      plugins: [
        nodeTransport(),
        exponentialBackoff({ initial: 10, factor: 10, max: 60_000, jitter: "none" }),
        sendMessage("hello", { reply: true }),
      ],
    });
    const scheduled = next(client, "reconnectScheduled", 3);
    void client.connect().catch(() => {});
    // The dial that failed waits for the backoff alone, then the backoff goes on above the least delay.
    expect((await scheduled).map(({ delay }) => delay)).toEqual([10, 100, 1_000]);

    await using flat = createClient({
      url: server.url,
      handshakeRetryDelay: 30,
      plugins: [nodeTransport(), soon, sendMessage("hello", { reply: true })],
    });
    const first = flat.once("reconnectScheduled");
    void flat.connect().catch(() => {});
    expect(await first).toMatchObject({ delay: 30 });
  },

  30: async () => {
    const server = await serve();
    server.answers.push({ status: 503 });
    const eager = createClient({
      url: server.url,
      exitOnFirstFailure: true,
      plugins: [nodeTransport(), soon],
    });
    await expect(eager.connect()).rejects.toMatchObject({ status: 503 });
    expect(eager.state.status).toBe("closed");

    await using lucky = createClient({
      url: server.url,
      exitOnFirstFailure: true,
      plugins: [nodeTransport(), soon],
    });
    await lucky.connect();
    server.answers.push({ status: 503 });
    const again = lucky.once("connected");
    (await server.peers.take()).socket.destroy();
    expect(await again).toMatchObject({ attempt: 2 });
  },

  31: async () => {
    const server = await serve();
    for (const noDelay of [true, false]) {
      const { createConnection, delays } = watchedSockets();
      await using client = createClient({
        url: server.url,
        noDelay,
        plugins: [nodeTransport({ ws: { createConnection } })],
      });
      await client.connect();
      expect(delays.at(-1)).toBe(noDelay);
    }
  },

  32: async () => {
    const server = await serve();
    await using client = createClient({
      url: server.url,
      plugins: [
        nodeTransport({ maxPayload: 10, perMessageDeflate: true, ws: { origin: "http://here" } }),
      ],
    });
    await client.connect();
    const { ws, request, closed } = await server.peers.take();
    expect(request.headers["sec-websocket-extensions"]).toContain("permessage-deflate");
    expect(request.headers.origin).toBe("http://here");
    const heard = client.once("message");
    const lost = client.once("disconnected");
    ws.send("0123456789");
    expect(await heard).toBe("0123456789");
    ws.send("0123456789 and more");
    expect(await lost).toMatchObject({ cause: { retryable: false }, willRetry: false });
    expect((await closed).code).toBe(1009);
  },

  33: async () => {
    const server = await serve({ greet: ({ ws }) => ws.send("good") });
    const picky = definePlugin({
      name: "picky",
      onMessage(message) {
        if (message === "worthless") return DROP;
        if (message === "bad") throw new Error("I do not like it");
      },
    });
    const options = { url: server.url, plugins: [nodeTransport(), soon, picky] };
    await using tolerant = createClient({ ...options, pluginErrorPolicy: "ignore" });
    const heard = next(tolerant, "message", 3);
    const fault = tolerant.once("error");
    await tolerant.connect();
    const { ws } = await server.peers.take();
    for (const message of ["bad", "worthless", "better"]) ws.send(message);
    expect(await heard).toEqual(["good", "bad", "better"]);
    expect(await fault).toMatchObject({ error: { plugin: "picky", hook: "onMessage" } });
    await tolerant.close();

    await using strict = createClient({ ...options, pluginErrorPolicy: "disconnect" });
    await strict.connect();
    const lost = strict.once("disconnected");
    const again = strict.once("connected");
    (await server.peers.take()).ws.send("bad");
    expect(await lost).toMatchObject({ cause: { code: "PLUGIN", plugin: "picky" } });
    await again;
  },

  34: () =>
    presetDoes(fastReconnect, {
      receiveTimeout: 10_000,
      connectTimeout: 10_000,
      noDelay: true,
      receiveBuffer: 512,
    }),

  35: () =>
    presetDoes(stableConnection, {
      receiveTimeout: 60_000,
      connectTimeout: 60_000,
      noDelay: false,
      receiveBuffer: 128,
    }),

  36: () =>
    presetDoes(lowLatency, {
      receiveTimeout: 5_000,
      connectTimeout: 5_000,
      noDelay: true,
      receiveBuffer: 512,
    }),
});
