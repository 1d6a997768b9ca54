import { DROP, createClient, definePlugin } from "@stream-tungstenite/core";
import type { Extension, Message } from "@stream-tungstenite/core";
import { manualClock } from "@stream-tungstenite/core/testing";
import { logging } from "@stream-tungstenite/ext-logging";
import { status } from "@stream-tungstenite/ext-status";
import { fixedDelay } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { expect } from "vitest";
import { next } from "../testing/listen.ts";
import { parity } from "../testing/parity.ts";
import { serve } from "../testing/server.ts";
import { extensions } from "./extensions.ts";

const soon = fixedDelay(1);

/** A codec that can be seen on both sides. */
function marking(mark: string): Extension {
  return definePlugin({
    name: mark,
    onSend: (message) => `${mark}(${String(message)})`,
    onMessage: (message) => `${mark}(${String(message)})`,
  });
}

/** A logger that keeps what it is told, as `level text`. */
function listLogger(lines: string[]): Record<string, (...values: unknown[]) => void> {
  const level =
    (name: string) =>
    (...values: unknown[]) => {
      lines.push(`${name} ${values.map(String).join(" ")}`);
    };
  return Object.fromEntries(
    ["error", "warn", "info", "debug", "trace"].map((name) => [name, level(name)]),
  );
}

parity(extensions, {
  53: async () => {
    const server = await serve();
    const ids: string[] = [];
    const noting = (name: string): Extension =>
      definePlugin({ name, onConnected: ({ id }) => void ids.push(`${name} ${id}`) });
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), soon, [noting("one"), false, null]],
    });
    await client.connect();
    const remove = client.use(noting("two"));
    const connected = client.once("connected");
    (await server.peers.take()).socket.destroy();
    await connected;
    remove();
    const again = client.once("connected");
    (await server.peers.take()).socket.destroy();
    await again;
    expect(ids).toEqual(["one 1", "one 2", "two 2", "one 3"]);
  },

  54: async () => {
    const server = await serve();
    const calls: string[] = [];
    const plugin = definePlugin({
      name: "living",
      setup() {
        calls.push("setup");
        return () => void calls.push("teardown");
      },
      onConnected: ({ reconnects }) => void calls.push(`connected ${reconnects}`),
      onDisconnected: ({ cause }) => void calls.push(`disconnected ${cause?.code}`),
    });
    const client = createClient({ url: server.url, plugins: [nodeTransport(), soon, plugin] });
    expect(calls).toEqual([]);
    await client.connect();
    const again = client.once("connected");
    (await server.peers.take()).ws.terminate();
    await again;
    await client.close();
    expect(calls).toEqual([
      "setup",
      "connected 0",
      "disconnected CONNECTION_LOST",
      "connected 1",
      "disconnected undefined",
      "teardown",
    ]);
  },

  55: async () => {
    const server = await serve();
    const upper = definePlugin({
      name: "upper",
      onMessage(message) {
        if (message === "noise") return DROP;
        if (typeof message === "string") return message.toUpperCase();
      },
      onSend: (message) => (message === "secret" ? DROP : undefined),
    });
    await using client = createClient({ url: server.url, plugins: [nodeTransport(), upper] });
    await client.connect();
    const { ws, messages } = await server.peers.take();
    const heard = next(client, "message", 3);
    for (const message of ["one", "noise", Buffer.from([1]), "two"]) ws.send(message);
    expect(await heard).toEqual(["ONE", new Uint8Array([1]), "TWO"]);
    client.send("secret");
    client.send("public");
    expect(await messages.take()).toBe("public");
  },

  56: async () => {
    const server = await serve({ greet: ({ ws }) => ws.send("hello") });
    const connected: number[] = [];
    const heard: Message[] = [];
    const living = definePlugin({
      name: "living",
      onConnected: ({ id }) => void connected.push(id),
    });
    const listening = definePlugin({
      name: "listening",
      onMessage: (message) => void heard.push(message),
    });
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), definePlugin({ name: "idle" }), living, listening],
    });
    const message = client.once("message");
    await client.connect();
    expect([await message, connected, heard]).toEqual(["hello", [1], ["hello"]]);
  },

  57: async () => {
    const server = await serve();
    const described = (): Extension =>
      definePlugin({
        name: "fragile",
        version: "1.2.3",
        description: "Breaks.",
        onConnected() {
          throw new Error("broken");
        },
      });
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), described(), described()],
    });
    const errors = next(client, "error", 2);
    await client.connect();
    expect((await errors).map(({ error }) => error)).toMatchObject([
      { plugin: "fragile", hook: "onConnected" },
      { plugin: "fragile#2", hook: "onConnected" },
    ]);
    expect(described()).toMatchObject({ version: "1.2.3", description: "Breaks." });
  },

  58: async () => {
    const server = await serve({ reply: (message) => message });
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), marking("outer"), marking("inner")],
    });
    await client.connect();
    const heard = client.once("message");
    client.send("x");
    expect(await (await server.peers.take()).messages.take()).toBe("inner(outer(x))");
    expect(await heard).toBe("outer(inner(inner(outer(x))))");
  },

  59: async () => {
    const server = await serve({ reply: (message) => message });
    const session = async (extension: Extension): Promise<void> => {
      await using client = createClient({ url: server.url, plugins: [nodeTransport(), extension] });
      await client.connect();
      const echo = client.once("message");
      client.send("x".repeat(1_000));
      await echo;
    };
    const plain: string[] = [];
    await session(logging({ logger: listLogger(plain) }));
    expect(plain.length).toBeGreaterThan(0);
    expect(plain.every((line) => /^(error|warn|info) .*\bws\b/.test(line))).toBe(true);
    expect(plain.join()).not.toContain("xxx");

    const verbose: string[] = [];
    await session(logging.verbose({ logger: listLogger(verbose), prefix: "feed" }));
    const messages = verbose.filter((line) => line.includes("xxx"));
    expect(messages).toHaveLength(2);
    expect(verbose.every((line) => line.includes("feed"))).toBe(true);
    for (const line of messages) expect(/x+/.exec(line.replace("feed", ""))?.[0].length).toBe(200);

    const quiet: string[] = [];
    await session(logging({ level: "error", messages: true, logger: listLogger(quiet) }));
    expect(quiet).toEqual([]);
  },

  60: async () => {
    const server = await serve();
    const viewer = status();
    const client = createClient({ url: server.url, plugins: [nodeTransport(), viewer] });
    expect(viewer.isConnected).toBe(false);
    let changes = 0;
    const stop = viewer.subscribe(() => changes++);
    await client.connect();
    expect(viewer.isConnected).toBe(true);
    expect(viewer.getSnapshot()).toBe(viewer.getSnapshot());
    expect(viewer.getSnapshot()).toMatchObject({ isConnected: true, state: client.state });
    expect(changes).toBeGreaterThan(0);
    stop();
    const before = changes;
    await client.close();
    expect(viewer.isConnected).toBe(false);
    expect(changes).toBe(before);
  },

  61: async () => {
    const server = await serve();
    const clock = manualClock();
    const viewer = status({ history: 3 });
    await using client = createClient({
      url: server.url,
      clock,
      plugins: [nodeTransport(), fixedDelay(400), viewer],
    });
    const times = (): unknown => [viewer.uptime, viewer.timeConnected, viewer.timeInOutage];
    await client.connect();
    await clock.advance(3_000);
    expect(times()).toEqual([3_000, 3_000, 0]);
    const scheduled = client.once("reconnectScheduled");
    (await server.peers.take()).ws.close(1012);
    await scheduled;
    expect(times()).toEqual([0, 3_000, 0]);
    const again = client.once("connected");
    await clock.advance(400);
    await again;
    await clock.advance(2_000);
    expect(times()).toEqual([2_000, 5_000, 400]);
    expect(viewer).toMatchObject({ connectionCount: 2, reconnectCount: 1, current: client.state });
    expect(viewer.lastCause).toMatchObject({ close: { code: 1012 } });
    expect(viewer.history.map(({ to }) => to.status)).toEqual([
      "waiting",
      "connecting",
      "connected",
    ]);
  },
});
