import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createClient } from "./index.ts";
import type { Connection, Transport, WebSocketClient } from "./index.ts";
import { settled } from "./settled.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** A connection that holds nothing, so that what is measured is the client. */
const connection: Connection = { bufferedAmount: 0, send: () => 1, close() {}, terminate() {} };
const transport: Transport = {
  name: "sink",
  connect(_request, listener) {
    queueMicrotask(() => listener.onOpen({ protocol: "", extensions: "" }));
    return connection;
  },
};

async function connected(count: number): Promise<WebSocketClient[]> {
  const clients = Array.from({ length: count }, () => {
    const client = createClient({ url: "ws://sink.test/", plugins: [transport] });
    client.on("message", () => {});
    return client;
  });
  await Promise.all(clients.map((client) => client.connect()));
  return clients;
}

/** Bytes of heap, when what is no longer needed is gone. */
async function heapUsed(): Promise<number> {
  // What has settled is held until those who waited for it have had their turn.
  await settled();
  collect();
  return process.memoryUsage().heapUsed;
}

test("An idle client that is connected takes less than a kilobyte and a half of heap", async () => {
  const count = 2_000;
  // What is compiled and learnt with the first clients is no client's own.
  const kept = await connected(count);
  const before = await heapUsed();
  kept.push(...(await connected(count)));
  const bytes = ((await heapUsed()) - before) / count;
  expect(kept.every((client) => client.isConnected)).toBe(true);
  expect(bytes).toBeGreaterThan(500);
  expect(bytes).toBeLessThan(1_500);
});
