import { createClient, sendMessage } from "@stream-tungstenite/core";
import { fixedDelay } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { expect } from "vitest";
import { parity } from "../testing/parity.ts";
import { serve } from "../testing/server.ts";
import { state } from "./state.ts";

const soon = fixedDelay(1);

parity(state, {
  62: async () => {
    const server = await serve({ reply: (message) => message });
    await using client = createClient({ url: server.url, plugins: [nodeTransport(), soon] });
    expect(client.snapshot()).toMatchObject({
      status: "idle",
      connectionId: null,
      connectedFor: null,
    });
    server.answers.push({ status: 503 });
    await client.connect();
    const again = client.once("connected");
    (await server.peers.take()).ws.close(1012);
    await again;
    const echo = client.once("message");
    client.send("four");
    await echo;
    expect(client.snapshot()).toMatchObject({
      status: "connected",
      url: server.url,
      connectionId: 2,
      connectionCount: 2,
      reconnectCount: 1,
      errorCount: 1,
      connectedFor: expect.any(Number),
      lastDisconnect: { at: expect.any(Number), cause: { close: { code: 1012 } } },
      messagesReceived: 1,
      messagesSent: 1,
      bytesReceived: 4,
      bytesSent: 4,
      queued: 0,
      queuedBytes: 0,
      bufferedAmount: 0,
    });
  },

  63: async () => {
    const server = await serve({ reply: (message) => message });
    server.answers.push({ status: 503 });
    const greeting = sendMessage("hello", { reply: true });
    const client = createClient({ url: server.url, plugins: [nodeTransport(), soon, greeting] });
    const path = [client.state.status];
    client.on("state", ({ from, to }) => {
      expect(from.status).toBe(path.at(-1));
      expect(to).toBe(client.state);
      path.push(to.status);
    });
    await client.connect();
    await client.close();
    expect(path).toEqual([
      "idle",
      "connecting",
      "waiting",
      "connecting",
      "handshaking",
      "connected",
      "closing",
      "closed",
    ]);
  },

  64: async () => {
    const server = await serve({ reply: (message) => message });
    const greeting = sendMessage("hello", { reply: true });
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), soon, greeting],
    });
    const opened = client.once("open");
    const connecting = client.connect();
    await opened;
    expect(client.isConnected).toBe(false);
    await connecting;
    expect(client.isConnected).toBe(true);
    const lost = client.once("disconnected");
    (await server.peers.take()).socket.destroy();
    await lost;
    expect(client.isConnected).toBe(false);
  },
});
