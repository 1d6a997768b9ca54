import {
  HandshakeError,
  HandshakeRejectedError,
  HandshakeTimeoutError,
  chain,
  createClient,
  definePlugin,
  sendMessage,
} from "@stream-tungstenite/core";
import type { HandshakeSession, MessageContext } from "@stream-tungstenite/core";
import { auth } from "@stream-tungstenite/handshake-auth";
import { subscribe } from "@stream-tungstenite/handshake-subscribe";
import { fixedDelay } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { expect } from "vitest";
import { parity } from "../testing/parity.ts";
import { serve } from "../testing/server.ts";
import { handshakes } from "./handshakes.ts";

const soon = fixedDelay(1);

/** Confirms subscriptions, but not to `secret`. */
function confirm(message: string): string {
  const { type, channels } = JSON.parse(message) as { type: string; channels: string[] };
  return channels.includes("secret")
    ? JSON.stringify({ type: "error", channel: "secret" })
    : JSON.stringify({ type: `${type}d`, channels });
}

parity(handshakes, {
  46: async () => {
    const server = await serve({ reply: (message) => `${message}?` });
    const own = definePlugin({
      name: "own",
      async handshake(session) {
        session.send("open");
        if ((await session.receive()) !== "open?") throw new Error("a strange answer");
        if (session.attempt === 0) throw new Error("not the first time");
      },
    });
    await using client = createClient({ url: server.url, plugins: [nodeTransport(), soon, own] });
    const failed = client.once("error");
    await client.connect();
    const { error } = await failed;
    expect(error).toBeInstanceOf(HandshakeError);
    expect(error).toMatchObject({ step: "own", cause: { message: "not the first time" } });

    const patient = definePlugin({
      name: "patient",
      handshakeTimeout: 20,
      async handshake(session) {
        await session.receive((message) => message === "sesame");
      },
    });
    const hopeless = createClient({
      url: server.url,
      exitOnFirstFailure: true,
      plugins: [nodeTransport(), patient],
    });
    const late = await hopeless.connect().catch((reason: unknown) => reason);
    expect(late).toBeInstanceOf(HandshakeTimeoutError);
    expect(late).toMatchObject({ step: "patient", message: expect.stringContaining("20 ms") });
  },

  47: async () => {
    const server = await serve();
    await using client = createClient({ url: server.url, plugins: [nodeTransport()] });
    await client.connect();
    client.send("the first");
    expect(await (await server.peers.take()).messages.take()).toBe("the first");
  },

  48: async () => {
    const server = await serve({
      reply: (message) => (message === "hello" ? "welcome" : undefined),
    });
    await using client = createClient({
      url: server.url,
      plugins: [
        nodeTransport(),
        sendMessage("notice"),
        sendMessage("hello", { reply: (message) => message === "welcome", timeout: 5_000 }),
      ],
    });
    client.send("after both");
    await client.connect();
    const { messages } = await server.peers.take();
    const sent = [await messages.take(), await messages.take(), await messages.take()];
    expect(sent).toEqual(["notice", "hello", "after both"]);
  },

  49: async () => {
    const said = async (format?: string): Promise<unknown> => {
      const server = await serve();
      await using client = createClient({
        url: server.url,
        plugins: [nodeTransport(), auth('my "key" $&', { format })],
      });
      await client.connect();
      return await (await server.peers.take()).messages.take();
    };
    expect(await said()).toBe('my "key" $&');
    expect(await said("json")).toBe('{"type":"auth","token":"my \\"key\\" $&"}');
    expect(await said("AUTH {}")).toBe('AUTH my "key" $&');

    // A refusal asks the token function once more; a second one is final.
    const server = await serve({ reply: (token) => (token === "old" ? "no" : "yes") });
    const reply = {
      accept: (message: unknown) => message === "yes",
      reject: (message: unknown) => message === "no",
    };
    const tokens = ["old", "new", "newer", "old", "old"];
    const asked = auth(() => tokens.shift() ?? "", { reply });
    await using client = createClient({ url: server.url, plugins: [nodeTransport(), soon, asked] });
    await client.connect();
    expect(client.snapshot().connectionCount).toBe(1);
    expect(tokens).toEqual(["newer", "old", "old"]);
    expect(await asked.refresh()).toBe(true);
    expect(await asked.refresh()).toBe(false);

    const refused = createClient({
      url: server.url,
      plugins: [nodeTransport(), soon, auth("old", { reply })],
    });
    await expect(refused.connect()).rejects.toBeInstanceOf(HandshakeRejectedError);
  },

  50: async () => {
    const server = await serve({ reply: confirm });
    const channels = subscribe(["trades", "orderbook"], { confirm: true });
    await using client = createClient({
      url: server.url,
      plugins: [nodeTransport(), soon, channels],
    });
    await client.connect();
    const first = await server.peers.take();
    const asked = { type: "subscribe", channels: ["trades", "orderbook"] };
    expect(JSON.parse(String(await first.messages.take()))).toEqual(asked);
    await channels.add(["quotes"]);
    await channels.remove(["trades"]);
    await expect(channels.add(["secret"])).rejects.toMatchObject({ channels: ["secret"] });
    expect(channels.channels).toEqual(["orderbook", "quotes"]);
    const again = client.once("connected");
    first.socket.destroy();
    await again;
    const { messages } = await server.peers.take();
    expect(JSON.parse(String(await messages.take()))).toEqual({
      type: "subscribe",
      channels: ["orderbook", "quotes"],
    });
  },

  51: async () => {
    const server = await serve({
      reply: (message) =>
        message === "key" ? "yes" : message === "hello" ? "hi" : confirm(message),
    });
    const both = chain(
      auth("key", { reply: { accept: (message) => message === "yes" } }),
      chain(sendMessage("hello", { reply: true }), subscribe(["trades"], { confirm: true })),
    );
    await using client = createClient({ url: server.url, plugins: [nodeTransport(), both] });
    await client.connect();
    const { messages } = await server.peers.take();
    expect([await messages.take(), await messages.take()]).toEqual(["key", "hello"]);
    expect(await messages.take()).toContain("trades");

    const stuck = chain([auth("key"), sendMessage("hm", { name: "riddle", reply: () => false })], {
      timeout: 20,
    });
    const hopeless = createClient({
      url: (await serve()).url,
      exitOnFirstFailure: true,
      plugins: [nodeTransport(), stuck],
    });
    await expect(hopeless.connect()).rejects.toMatchObject({
      code: "HANDSHAKE_TIMEOUT",
      message: expect.stringContaining("riddle"),
    });
  },

  52: async () => {
    const server = await serve({ greet: ({ ws }) => ws.send("hello") });
    const sessions: HandshakeSession[] = [];
    const contexts: MessageContext[] = [];
    const curious = definePlugin({
      name: "curious",
      async handshake(session) {
        sessions.push(session);
        session.metadata.set("greeting", await session.receive());
      },
      onMessage(_, context) {
        contexts.push(context);
      },
    });
    await using client = createClient({
      url: server.url,
      protocols: ["v1"],
      plugins: [nodeTransport(), soon, curious],
    });
    await client.connect();
    const peer = await server.peers.take();
    const heard = client.once("message");
    peer.ws.send("news");
    await heard;
    expect(contexts.map(({ origin }) => origin)).toEqual(["plugin", "application"]);
    expect(contexts[1]?.metadata.get("greeting")).toBe("hello");
    expect(contexts[1]?.client).toBe(client);
    const again = client.once("connected");
    peer.socket.destroy();
    await again;
    const [one, two] = sessions;
    expect(one).toMatchObject({ attempt: 0, reconnects: 0, protocol: "v1" });
    expect(two).toMatchObject({ attempt: 1, reconnects: 1, protocol: "v1" });
    expect(one?.connectionId).not.toBe(two?.connectionId);
    expect(one?.metadata).not.toBe(two?.metadata);
    expect(one?.signal.aborted).toBe(true);
  },
});
