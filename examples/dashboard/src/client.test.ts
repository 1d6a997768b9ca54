import { manualClock, memoryServer, memoryTransport } from "@stream-tungstenite/core/testing";
import type { MemoryPeer, MemoryServer } from "@stream-tungstenite/core/testing";
import { expect, it } from "vitest";
import { dashboardClient, queueCapacity } from "./client.ts";
import { orders } from "./orders.ts";
import { decodeServerMessage, encode } from "./protocol.ts";
import { peer, type Peer } from "./server/peer.ts";
import { tellStory } from "./story.ts";

/** The client on a server in memory that speaks the feed's protocol. */
function rig(token = "secret") {
  const clock = manualClock();
  const server = memoryServer();
  const peers = serveFeed(server);
  const dashboard = dashboardClient({
    url: server.url,
    transport: memoryTransport(server, { ping: false }),
    token,
    channels: ["ALPHA", "BRAVO"],
    clock,
  });
  return { ...dashboard, clock, server, peers };
}

function serveFeed(server: MemoryServer): Map<MemoryPeer, Peer> {
  const peers = new Map<MemoryPeer, Peer>();
  server.onMessage((message, end) => {
    const known =
      peers.get(end) ??
      peer({
        token: "secret",
        send: (answer) => void end.send(encode(answer)),
        close: (code, reason) => end.close(code, reason),
      });
    peers.set(end, known);
    known.receive(typeof message === "string" ? message : undefined);
  });
  return peers;
}

it("greets, subscribes and receives the prices it asked for", async () => {
  const { client, clock, server, peers } = rig();
  const received: unknown[] = [];
  client.on("message", (message) => received.push(decodeServerMessage(message)));
  const connecting = client.connect();
  await clock.settle();
  await connecting;
  const trade = { type: "trade", channel: "ALPHA", price: 12.5 } as const;
  peers.get(server.peer)?.offer(trade);
  peers.get(server.peer)?.offer({ ...trade, channel: "CHARLIE" });
  await clock.settle();
  expect(received).toEqual([trade]);
  await client.close();
});

it("measures the round trip every second, though the server is never quiet", async () => {
  const { client, clock, server, peers, heartbeat } = rig();
  void client.connect();
  await clock.settle();
  for (let moment = 0; moment < 12; moment++) {
    peers.get(server.peer)?.offer({ type: "trade", channel: "ALPHA", price: 12.5 });
    await clock.advance(100);
  }
  expect(heartbeat.rtt).toBe(0);
  expect(
    server.peer.received.filter((message) => message === encode({ type: "ping" })),
  ).toHaveLength(1);
  await client.close();
});

it("holds as many orders as the queue has room for, and sends them on the next connection", async () => {
  const { client, clock, server } = rig();
  const book = orders(client);
  const story: string[] = [];
  tellStory(client, clock, ({ text }) => story.push(text));
  void client.connect();
  await clock.settle();
  server.drop();
  await clock.settle();
  for (let count = 0; count < queueCapacity + 2; count++) book.place();
  expect(client.snapshot().queued).toBe(queueCapacity);
  await clock.advance(1_000);
  expect([book.placed, book.receipted, book.dropped]).toEqual([22, 20, 2]);
  expect(story).toEqual([
    "Connection 1 is up.",
    "Lost after 0 ms: connection cut.",
    expect.stringMatching(/^Retry 1 in \d+ ms\.$/),
    "An order dropped: the queue is full.",
    "An order dropped: the queue is full.",
    "Connection 2 is up, with retry 1.",
  ]);
  await client.close();
});

it("gives up when the server refuses its token", async () => {
  const { client, clock } = rig("wrong");
  const story: string[] = [];
  tellStory(client, clock, ({ text }) => story.push(text));
  const connecting = client.connect();
  await clock.settle();
  await expect(connecting).rejects.toThrow("this token is not valid");
  expect(story).toEqual(["Gave up: greeting failed at auth."]);
});

it("leaves no timer behind", async () => {
  const { client, clock } = rig();
  void client.connect();
  await clock.settle();
  await client.close();
  await clock.settle();
  expect(clock.pending).toBe(0);
});
