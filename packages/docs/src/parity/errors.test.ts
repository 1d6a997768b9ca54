import {
  ConnectError,
  StreamTungsteniteError,
  createClient,
  definePlugin,
  isStreamTungsteniteError,
  isTransient,
  sendMessage,
} from "@stream-tungstenite/core";
import type { DisconnectCause } from "@stream-tungstenite/core";
import { manualClock } from "@stream-tungstenite/core/testing";
import { fixedDelay, noRetry } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { freePort } from "rig/free-port";
import { expect } from "vitest";
import { parity } from "../testing/parity.ts";
import { serve } from "../testing/server.ts";
import type { Answer } from "../testing/server.ts";
import { errors } from "./errors.ts";

const soon = fixedDelay(1);

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => expect.fail("It did not fail"),
    (error: unknown) => error,
  );
}

/** What a dial that is answered like this, or a connection closed with this code, leads to. */
async function lossBy(how: Answer | number): Promise<DisconnectCause> {
  const server = await serve();
  if (typeof how !== "number") server.answers.push(how);
  let cause: DisconnectCause | undefined;
  const client = createClient({
    url: server.url,
    shouldReconnect(given) {
      cause = given;
      return false;
    },
    plugins: [nodeTransport()],
  });
  const closed = client.once("closed");
  client.connect().catch(() => {});
  if (typeof how === "number") (await server.peers.take()).ws.close(how);
  await closed;
  if (!cause) throw new Error("Nobody was asked about the loss");
  return cause;
}

parity(errors, {
  65: async () => {
    const server = await serve();
    const { url } = server;
    const refused = createClient({
      url: `ws://127.0.0.1:${await freePort()}/`,
      plugins: [nodeTransport(), noRetry()],
    });
    const closed = createClient({ url, plugins: [nodeTransport()] });
    await closed.close();
    const broken = definePlugin({
      name: "broken",
      setup() {
        throw new Error("cannot");
      },
    });
    const failing = createClient({ url, plugins: [nodeTransport(), broken] });
    const greeting = sendMessage("hello", { reply: true, timeout: 10 });
    const ignored = createClient({
      url,
      exitOnFirstFailure: true,
      plugins: [nodeTransport(), greeting],
    });
    const found = [
      await rejection(refused.connect()),
      await rejection(closed.connect()),
      await rejection(failing.connect()),
      await rejection(ignored.connect()),
      await rejection((async () => createClient({ url: "mailto:me", plugins: [] }))()),
      await rejection(closed.sendAsync("late")),
      await lossBy({ status: 404 }),
      await lossBy(1002),
    ];
    expect(found.map((error) => (error as StreamTungsteniteError).code)).toEqual([
      "RETRIES_EXHAUSTED",
      "CLIENT_CLOSED",
      "PLUGIN",
      "HANDSHAKE_TIMEOUT",
      "CONFIGURATION",
      "CLIENT_CLOSED",
      "CONNECT",
      "CONNECTION_LOST",
    ]);
    for (const error of found) {
      expect(error).toBeInstanceOf(StreamTungsteniteError);
      expect(isStreamTungsteniteError(error)).toBe(true);
    }
  },

  66: async () => {
    for (const how of [{ status: 503 }, { status: 429 }, "drop", 1001, 1011] as const) {
      const cause = await lossBy(how);
      expect([how, cause.retryable, isTransient(cause)]).toEqual([how, true, true]);
    }
    for (const how of [{ status: 404 }, { status: 401 }, 1008, 4401] as const) {
      const cause = await lossBy(how);
      expect([how, cause.retryable, isTransient(cause)]).toEqual([how, false, false]);
    }
    const server = await serve();
    server.answers.push({ status: 404 });
    await using stubborn = createClient({
      url: server.url,
      shouldReconnect: async (cause) =>
        isTransient(cause) || (cause as ConnectError).status === 404,
      plugins: [nodeTransport(), soon],
    });
    await stubborn.connect();
  },

  67: async () => {
    const server = await serve();
    server.answers.push({ status: 503, headers: { "retry-after": "30" } });
    const clock = manualClock();
    await using client = createClient({ url: server.url, clock, plugins: [nodeTransport(), soon] });
    const scheduled = client.once("reconnectScheduled");
    const connecting = client.connect();
    expect(await scheduled).toMatchObject({ delay: 30_000, cause: { retryAfter: 30_000 } });
    await clock.advance(30_000);
    await connecting;
  },

  68: async () => {
    const client = createClient({
      url: `ws://127.0.0.1:${await freePort()}/`,
      plugins: [nodeTransport(), noRetry()],
    });
    const gaveUp = (await rejection(client.connect())) as Error;
    expect(gaveUp.cause).toBeInstanceOf(ConnectError);
    expect((gaveUp.cause as Error).cause).toMatchObject({ code: "ECONNREFUSED" });

    const server = await serve();
    const reason = new Error("no key here");
    const keyless = definePlugin({ name: "keyless", handshake: () => Promise.reject(reason) });
    const failing = createClient({
      url: server.url,
      exitOnFirstFailure: true,
      plugins: [nodeTransport(), keyless],
    });
    expect(await rejection(failing.connect())).toMatchObject({ step: "keyless", cause: reason });
  },
});
