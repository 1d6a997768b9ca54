import {
  NotConnectedError,
  QueueFullError,
  SendTimeoutError,
  createClient,
} from "@stream-tungstenite/core";
import { fixedDelay } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { expect } from "vitest";
import { parity } from "../testing/parity.ts";
import { serve } from "../testing/server.ts";
import { sending } from "./sending.ts";

parity(sending, {
  20: async () => {
    const server = await serve();
    const plugins = [nodeTransport()];
    await using client = createClient({ url: server.url, plugins, sendQueue: { capacity: 1 } });
    expect(client.send("first")).toBe("queued");
    expect(() => client.send("second")).toThrow(QueueFullError);
    await client.connect();
    expect(client.send("third")).toBe("sent");
    const { messages } = await server.peers.take();
    expect([await messages.take(), await messages.take()]).toEqual(["first", "third"]);

    await using lossy = createClient({
      url: server.url,
      plugins,
      sendQueue: { capacity: 1, overflow: "drop-newest" },
    });
    lossy.send("kept");
    expect(lossy.send("not kept")).toBe("dropped");
  },

  21: async () => {
    const server = await serve();
    const plugins = [nodeTransport()];
    await using client = createClient({ url: server.url, plugins, sendQueue: { capacity: 1 } });
    client.send("first");
    const second = client.sendAsync("second");
    await client.connect();
    await second;
    const { messages } = await server.peers.take();
    expect([await messages.take(), await messages.take()]).toEqual(["first", "second"]);

    await using strict = createClient({
      url: server.url,
      plugins,
      sendQueue: { whileDisconnected: "reject" },
    });
    await expect(strict.sendAsync("now")).rejects.toBeInstanceOf(NotConnectedError);
  },

  22: async () => {
    const server = await serve();
    await using client = createClient({ url: server.url, plugins: [nodeTransport()] });
    const stop = new AbortController();
    const late = client.sendAsync("late", { timeout: 10 });
    const aborted = client.sendAsync("aborted", { signal: stop.signal });
    await expect(late).rejects.toBeInstanceOf(SendTimeoutError);
    stop.abort(new Error("changed my mind"));
    await expect(aborted).rejects.toThrow("changed my mind");
    client.send("the only one");
    await client.connect();
    expect(await (await server.peers.take()).messages.take()).toBe("the only one");
  },

  23: async () => {
    const server = await serve();
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), fixedDelay(1)],
    });
    const { send, sendAsync, ping } = client;
    await client.connect();
    send("before");
    const first = await server.peers.take();
    expect(await first.messages.take()).toBe("before");
    const again = client.once("connected");
    first.socket.destroy();
    await again;
    send("after");
    await sendAsync("and later");
    const { messages } = await server.peers.take();
    expect([await messages.take(), await messages.take()]).toEqual(["after", "and later"]);
    expect(await ping()).toBeGreaterThanOrEqual(0);
  },

  24: async () => {
    const server = await serve();
    await using client = createClient({ url: server.url, plugins: [nodeTransport()] });
    await client.connect();
    const { ws, messages } = await server.peers.take();
    const pinged = new Promise<string>((resolve) =>
      ws.once("ping", (data) => resolve(data.toString())),
    );
    client.send("Grüße");
    client.send(new Uint8Array([1, 2, 3]));
    expect(await messages.take()).toBe("Grüße");
    expect(await messages.take()).toEqual(Buffer.from([1, 2, 3]));
    expect(await client.ping(new TextEncoder().encode("there?"))).toBeGreaterThanOrEqual(0);
    expect(await pinged).toBe("there?");
    const answered = new Promise<string>((resolve) =>
      ws.once("pong", (data) => resolve(data.toString())),
    );
    ws.ping("and you?");
    expect(await answered).toBe("and you?");
  },

  25: async () => {
    const server = await serve();
    await using client = createClient({
      url: server.url,
      highWaterMark: 1_000_000,
      sendQueue: { capacity: 5, maxBytes: 2_100_000 },
      plugins: [nodeTransport()],
    });
    await client.connect();
    const { socket, messages } = await server.peers.take();
    expect(() => client.send(new Uint8Array(2_100_001))).toThrow(QueueFullError);
    socket.pause();
    const half = new Uint8Array(500_000);
    let sent = 0;
    while (sent < 100 && client.send(half) === "sent") sent++;
    expect(client.bufferedAmount).toBeGreaterThanOrEqual(1_500_000);
    expect(client.snapshot()).toMatchObject({ queued: 1, queuedBytes: 500_000 });
    for (let index = 0; index < 3; index++) client.send(half);
    expect(() => client.send(half)).toThrow(QueueFullError);
    client.send("small");
    expect(() => client.send("sixth")).toThrow(QueueFullError);
    const drained = client.once("drain");
    socket.resume();
    await drained;
    await client.flush();
    expect(client.bufferedAmount).toBe(0);
    for (let index = 0; index < sent + 4; index++) expect(await messages.take()).toHaveLength(5e5);
    expect(await messages.take()).toBe("small");
  },

  26: async () => {
    const server = await serve();
    const client = createClient({
      url: server.url,
      highWaterMark: 1,
      plugins: [nodeTransport(), fixedDelay(1)],
    });
    await client.connect();
    const first = await server.peers.take();
    const lost = client.once("disconnected");
    // More than the network takes at once: on its way when the connection ends, and never sent again.
    expect(client.send(new Uint8Array(15_000_000))).toBe("sent");
    expect(client.send("behind it")).toBe("queued");
    first.socket.destroy();
    expect((await lost).bufferedAmount).toBeGreaterThan(0);
    expect(client.send("while away")).toBe("queued");
    const second = await server.peers.take();
    expect(await second.messages.take()).toBe("behind it");
    expect(await second.messages.take()).toBe("while away");
    expect([first.messages.length, second.messages.length]).toEqual([0, 0]);
    await client.ready();

    await client.disconnect();
    const expired = client.once("dropped");
    client.send("urgent", { maxAge: 5 });
    expect(await expired).toEqual({ messages: ["urgent"], reason: "expired" });
    const left = client.once("dropped");
    client.send("never sent");
    expect(await client.close()).toMatchObject({ undelivered: 1 });
    expect(await left).toEqual({ messages: ["never sent"], reason: "closed" });
  },
});
