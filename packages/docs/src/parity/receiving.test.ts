import { ReaderOverflowError, createClient, definePlugin } from "@stream-tungstenite/core";
import type { Message, PluginContext } from "@stream-tungstenite/core";
import { fixedDelay } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { expect } from "vitest";
import { next, take } from "../testing/listen.ts";
import { parity } from "../testing/parity.ts";
import { serve } from "../testing/server.ts";
import { receiving } from "./receiving.ts";

parity(receiving, {
  8: async () => {
    const server = await serve();
    const client = createClient({ url: server.url, plugins: [nodeTransport(), fixedDelay(1)] });
    const heard: Message[] = [];
    client.on("message", (message) => heard.push(message));
    const [one, two] = [client.messages(), client.messages()];
    await client.connect();
    const first = await server.peers.take();
    first.ws.send("before");
    expect(await take(one, 1)).toEqual(["before"]);
    first.socket.destroy();
    (await server.peers.take()).ws.send("after");
    expect(await take(one, 1)).toEqual(["after"]);
    expect(await take(two, 2)).toEqual(["before", "after"]);
    expect(heard).toEqual(["before", "after"]);
    await client.close();
    expect(await one.next()).toEqual({ done: true, value: undefined });
  },

  9: async () => {
    const server = await serve({ greet: ({ ws }) => ws.send(Buffer.from([1, 2, 3])) });
    await using client = createClient({ url: server.url, plugins: [nodeTransport()] });
    const heard = client.once("message");
    const readers = [client.messages(), client.messages()];
    await client.connect();
    const bytes = await heard;
    expect(bytes).toEqual(new Uint8Array([1, 2, 3]));
    for (const reader of readers) expect((await take(reader, 1))[0]).toBe(bytes);
  },

  10: async () => {
    const server = await serve();
    await using client = createClient({
      url: server.url,
      receiveBuffer: 3,
      plugins: [nodeTransport()],
    });
    const byDefault = client.messages({ overflow: "drop-newest" });
    const small = client.messages({ overflow: "drop-oldest", highWaterMark: 2 });
    const large = client.messages({ overflow: "drop-oldest", highWaterMark: 100 });
    await client.connect();
    const { ws } = await server.peers.take();
    const heard = next(client, "message", 5);
    const sent = ["1", "2", "3", "4", "5"];
    for (const message of sent) ws.send(message);
    await heard;
    expect(await take(byDefault, 3)).toEqual(["1", "2", "3"]);
    expect(await take(small, 2)).toEqual(["4", "5"]);
    expect(await take(large, 5)).toEqual(sent);
    ws.send("6");
    expect(await take(byDefault, 1)).toEqual(["6"]);
  },

  11: async () => {
    const server = await serve();
    let context: PluginContext | undefined;
    const inside = definePlugin({
      name: "inside",
      setup(given) {
        context = given;
      },
    });
    await using client = createClient({ url: server.url, plugins: [nodeTransport(), inside] });
    let skipped = 0;
    client.on("lagged", (lag) => (skipped += lag.skipped));
    await client.connect();
    const { ws } = await server.peers.take();

    const dropping = client.messages({ overflow: "drop-oldest", highWaterMark: 1 });
    const strict = client.messages({ overflow: "error", highWaterMark: 1 });
    const heard = next(client, "message", 4);
    for (const message of ["1", "2", "3", "4"]) ws.send(message);
    await heard;
    expect(await take(dropping, 1)).toEqual(["4"]);
    expect(skipped).toBe(3);
    await expect(take(strict, 2)).rejects.toBeInstanceOf(ReaderOverflowError);
    await dropping.return?.();

    // By default the reader slows the server down, and loses nothing.
    const reader = client.messages({ highWaterMark: 4 });
    const first = reader.next();
    const paused = new Promise<void>((resolve) => {
      client.on("message", () => queueMicrotask(() => context?.paused && resolve()));
    });
    const large = "x".repeat(65_536);
    for (let index = 0; index < 500; index++) ws.send(`${index} ${large}`);
    await first;
    await paused;
    expect(ws.bufferedAmount).toBeGreaterThan(0);
    const rest = await take(reader, 499);
    expect(rest.map((message) => parseInt(String(message), 10))).toEqual(
      rest.map((_, index) => index + 1),
    );
    expect(rest.length).toBe(499);
    expect(skipped).toBe(3);
  },
});
