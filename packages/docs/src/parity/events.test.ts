import {
  ConnectError,
  ConnectionLostError,
  createClient,
  sendMessage,
} from "@stream-tungstenite/core";
import { fixedDelay, noRetry } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { expect } from "vitest";
import { everything, next } from "../testing/listen.ts";
import { parity } from "../testing/parity.ts";
import { serve } from "../testing/server.ts";
import { events as area } from "./events.ts";

const once503 = { status: 503 } as const;

parity(area, {
  12: async () => {
    const server = await serve();
    const client = createClient({ url: server.url, plugins: [nodeTransport()] });
    const told = everything(client);
    const connected = client.once("connected");
    let count = 0;
    const stop = client.on("state", () => count++);
    await client.connect();
    expect(await connected).toMatchObject({ reconnects: 0 });
    const before = count;
    stop();
    await client.close();
    expect(before).toBeGreaterThan(0);
    expect(count).toBe(before);
    const types = (await told).map(({ type }) => type).filter((type) => type !== "state");
    expect(types).toEqual([
      "connecting",
      "open",
      "connected",
      "shutdown",
      "disconnected",
      "closed",
    ]);
  },

  13: async () => {
    const server = await serve();
    server.answers.push(once503, once503);
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), fixedDelay(1)],
    });
    const connecting = next(client, "connecting", 3);
    await client.connect();
    expect(await connecting).toEqual([{ attempt: 0 }, { attempt: 1 }, { attempt: 2 }]);
  },

  14: async () => {
    const server = await serve({ reply: (message) => `${message} yourself` });
    const greeting = sendMessage("hello", { reply: (message) => message === "hello yourself" });
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), fixedDelay(1), greeting],
    });
    const order: string[] = [];
    client.on("open", () => order.push(`open ${client.isConnected}`));
    client.on("connected", ({ id }) => order.push(`connected ${id} ${client.isConnected}`));
    const first = client.once("connected");
    await client.connect();
    const again = client.once("connected");
    const peer = await server.peers.take();
    expect(await peer.messages.take()).toBe("hello");
    peer.socket.destroy();
    const [{ id }, second] = await Promise.all([first, again]);
    expect(second).toMatchObject({ attempt: 1, reconnects: 1 });
    expect(second.id).not.toBe(id);
    expect(order).toEqual([
      "open false",
      `connected ${id} true`,
      "open false",
      `connected ${second.id} true`,
    ]);
  },

  15: async () => {
    const server = await serve();
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), fixedDelay(1)],
    });
    await client.connect();
    const lost = client.once("disconnected");
    (await server.peers.take()).ws.close(1001, "restart");
    const { cause, ...rest } = await lost;
    expect(cause).toBeInstanceOf(ConnectionLostError);
    expect(cause).toMatchObject({ close: { code: 1001, reason: "restart", wasClean: true } });
    expect(rest).toEqual({ willRetry: true, uptime: expect.any(Number), bufferedAmount: 0 });
    await client.ready();
    const ours = client.once("disconnected");
    await client.disconnect();
    expect(await ours).toMatchObject({ willRetry: false });
    expect(await ours).not.toHaveProperty("cause");
  },

  16: async () => {
    const server = await serve();
    server.answers.push(once503);
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), fixedDelay(7)],
    });
    const states: unknown[] = [];
    client.on("reconnectScheduled", () => states.push(client.state));
    const scheduled = client.once("reconnectScheduled");
    await client.connect();
    const { cause, until, ...rest } = await scheduled;
    expect(rest).toEqual({ attempt: 1, delay: 7 });
    expect(cause).toMatchObject({ status: 503 });
    expect(states).toEqual([{ status: "waiting", attempt: 1, delay: 7, until, cause }]);
  },

  17: async () => {
    const server = await serve();
    server.answers.push(once503, "drop");
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), fixedDelay(1)],
    });
    const errors = next(client, "error", 2);
    await client.connect();
    const [first, second] = await errors;
    expect(first?.error).toBeInstanceOf(ConnectError);
    expect(first).toMatchObject({ error: { status: 503 }, attempt: 0 });
    expect(second).toMatchObject({ error: { phase: "upgrade" }, attempt: 1 });
  },

  18: async () => {
    const server = await serve();
    server.answers.push({ status: 404 });
    const client = createClient({ url: server.url, plugins: [nodeTransport(), fixedDelay(1)] });
    const told = everything(client);
    await expect(client.connect()).rejects.toMatchObject({ status: 404 });
    const types = (await told).map(({ type }) => type);
    expect(types).not.toContain("error");
    expect(types.slice(-2)).toEqual(["fatal", "closed"]);
    expect((await told).at(-2)).toMatchObject({ error: { code: "CONNECT", status: 404 } });
  },

  19: async () => {
    const server = await serve();
    const client = createClient({ url: server.url, plugins: [nodeTransport(), noRetry()] });
    await client.connect();
    const order: string[] = [];
    client.on("shutdown", () => order.push(`shutdown ${client.state.status}`));
    client.on("closed", ({ cause }) => order.push(`closed ${cause}`));
    await client.close();
    expect(order).toEqual(["shutdown closing", "closed null"]);
  },
});
