import {
  AlreadyRunningError,
  ConfigurationError,
  WebSocketClient,
  createClient,
} from "@stream-tungstenite/core";
import { fixedDelay, noRetry } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { freePort } from "rig/free-port";
import { expect } from "vitest";
import { parity } from "../testing/parity.ts";
import { serve } from "../testing/server.ts";
import { client as area } from "./client.ts";

parity(area, {
  1: async () => {
    const server = await serve();
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), fixedDelay(1)],
    });
    await client.connect();
    for (const reconnects of [1, 2, 3]) {
      const again = client.once("connected");
      (await server.peers.take()).socket.destroy();
      expect(await again).toMatchObject({ reconnects });
    }
    client.send("still here");
    expect(await (await server.peers.take()).messages.take()).toBe("still here");
  },

  2: async () => {
    const server = await serve();
    const builder = WebSocketClient.builder(server.url).use(nodeTransport()).noRetry();
    await using client = builder.receiveTimeout(60_000).config({ closeTimeout: 1_000 }).build();
    await client.connect();
    expect((await server.peers.take()).request.url).toBe("/");
    expect(builder.noRetry()).not.toBe(builder);
    const wrong = builder.receiveTimeout(-1).config({ connectTimeout: NaN });
    expect(() => wrong.build()).toThrow(ConfigurationError);
    expect(() => wrong.build()).toThrow(
      /receiveTimeout[^]*connectTimeout|connectTimeout[^]*receiveTimeout/,
    );
  },

  3: async () => {
    const server = await serve();
    await using client = createClient({ url: server.url, plugins: [nodeTransport()] });
    await client.connect();
    expect(client.send("hello")).toBe("sent");
    expect(await (await server.peers.take()).messages.take()).toBe("hello");
  },

  4: async () => {
    const server = await serve();
    const stop = new AbortController();
    const client = createClient({ url: server.url, plugins: [nodeTransport(), fixedDelay(1)] });
    const running = client.run({ signal: stop.signal });
    await client.ready();
    const again = client.once("connected");
    (await server.peers.take()).socket.destroy();
    await again;
    stop.abort();
    await running;
    expect(client.state).toEqual({ status: "closed", cause: null });

    const refused = createClient({
      url: `ws://127.0.0.1:${await freePort()}/`,
      plugins: [nodeTransport(), noRetry()],
    });
    await expect(refused.run()).rejects.toMatchObject({ code: "RETRIES_EXHAUSTED" });

    let leaked;
    {
      await using disposed = createClient({ url: server.url, plugins: [nodeTransport()] });
      leaked = disposed;
      await disposed.connect();
    }
    expect(leaked.state).toEqual({ status: "closed", cause: null });
    await server.peers.take();
    expect(await (await server.peers.take()).closed).toMatchObject({ code: 1000 });
  },

  5: async () => {
    const server = await serve();
    await using client = createClient({ url: server.url, plugins: [nodeTransport()] });
    const running = client.run();
    await expect(client.run()).rejects.toBeInstanceOf(AlreadyRunningError);
    await client.ready();
    await client.disconnect();
    expect(client.state.status).toBe("idle");
    await client.connect();
    expect(client.snapshot().connectionCount).toBe(2);
    await client.close();
    await running;
    await expect(client.run()).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  },

  6: async () => {
    const server = await serve();
    const client = createClient({
      url: server.url,
      highWaterMark: 1,
      plugins: [nodeTransport()],
    });
    await client.connect();
    const peer = await server.peers.take();
    for (let index = 0; index < 100; index++) client.send(`message ${index}`);
    expect(client.snapshot().queued).toBeGreaterThan(0);
    expect(await client.close({ code: 4000, reason: "done here" })).toEqual({
      wasClean: true,
      undelivered: 0,
    });
    expect(await peer.closed).toEqual({ code: 4000, reason: "done here" });
    expect(peer.messages.length).toBe(100);
  },

  7: async () => {
    const server = await serve();
    const client = createClient({
      url: server.url,
      closeTimeout: 3_600_000,
      plugins: [nodeTransport()],
    });
    await client.connect();
    const peer = await server.peers.take();
    peer.socket.pause();
    expect(await client.close({ timeout: 20 })).toMatchObject({ wasClean: false });
    expect(client.state.status).toBe("closed");
    peer.socket.resume();
    expect((await peer.closed).code).toBe(1000);
  },
});
