import { expect, test } from "vitest";
import { createClient, sendMessage } from "./index.ts";
import { manualClock, memoryServer, memoryTransport } from "./testing/index.ts";

test("comes back after a loss and delivers what was queued", async () => {
  const clock = manualClock();
  const server = memoryServer();
  const log: string[] = [];
  const client = createClient({
    url: server.url,
    plugins: [memoryTransport(server), sendMessage("hello", { reply: true })],
    clock,
    random: () => 0.5,
  });
  server.onMessage((message, peer) => {
    if (message === "hello") peer.send("welcome");
  });
  client.on("state", ({ from, to }) => log.push(`${from.status}>${to.status}`));
  client.on("message", (message) => log.push(`got ${String(message)}`));
  client.on("error", ({ error }) => log.push(error.message));
  client.send("early");
  const connecting = client.connect();
  await clock.settle();
  await connecting;
  server.peer.send("news");
  await clock.settle();
  server.drop();
  await clock.settle();
  client.send("later");
  await clock.advance(1000);
  expect(server.peers.map((peer) => peer.received)).toEqual([
    ["hello", "early"],
    ["hello", "later"],
  ]);
  const closing = client.close();
  await clock.settle();
  log.push(JSON.stringify(await closing));
  expect(log).toEqual([
    "idle>connecting",
    "connecting>handshaking",
    "handshaking>connected",
    "got news",
    "connected>waiting",
    "waiting>connecting",
    "connecting>handshaking",
    "handshaking>connected",
    "connected>closing",
    "closing>closed",
    '{"wasClean":true,"undelivered":0}',
  ]);
  expect(clock.pending).toBe(0);
});
