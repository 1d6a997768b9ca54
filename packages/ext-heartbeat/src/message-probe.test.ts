import { PluginError } from "@stream-tungstenite/core";
import { rig, type Rig } from "rig";
import { expect, test } from "vitest";
import { heartbeat } from "./index.ts";
import type { HeartbeatOptions } from "./index.ts";

const isReply = (message: unknown): boolean => message === "pong";

interface MessageRig extends Rig {
  readonly beat: ReturnType<typeof heartbeat>;
}

/** Over a transport without pings. */
function withMessage(options: HeartbeatOptions = {}): MessageRig {
  const beat = heartbeat({ interval: 4_000, timeout: 2_000, message: "ping", isReply, ...options });
  return Object.assign(rig([beat], { transport: { ping: false } }), { beat });
}

test("sends the message when it was silent, and keeps the answer from the application", async () => {
  const { clock, client, server, messages, connected } = withMessage();
  server.onMessage((message, peer) => {
    if (message === "ping") peer.send("pong");
  });
  const peer = await connected();
  await clock.advance(3_999);
  expect(peer.received).toEqual([]);
  await clock.advance(1);
  expect(peer.received).toEqual(["ping"]);
  await clock.advance(40_000);
  expect(peer.received).toHaveLength(11);
  expect(messages).toEqual([]);
  peer.send("news");
  expect(messages).toEqual(["news"]);
  expect(client.isConnected).toBe(true);
});

test("a pong that the server sends unasked is the application's", async () => {
  const { messages, connected } = withMessage();
  const peer = await connected();
  peer.send("pong");
  expect(messages).toEqual(["pong"]);
});

test("loses the connection when nothing comes within the timeout", async () => {
  const { clock, client, losses, connected } = withMessage();
  const peer = await connected();
  await clock.advance(5_999);
  expect(peer.received).toEqual(["ping"]);
  expect(client.isConnected).toBe(true);
  await clock.advance(1);
  expect(losses[0]?.cause?.code).toBe("IDLE_TIMEOUT");
  await client.close();
  expect(clock.pending).toBe(0);
});

test("a function is asked for each message, bytes included", async () => {
  let count = 0;
  const { clock, connected } = withMessage({
    message: () => Uint8Array.of(++count),
    isReply: (message) => typeof message !== "string",
  });
  const peer = await connected();
  await clock.advance(4_000);
  peer.send(Uint8Array.of(1));
  await clock.advance(4_000);
  expect(peer.received).toEqual([Uint8Array.of(1), Uint8Array.of(2)]);
});

test("a protocol ping is preferred where the transport has one", async () => {
  const { clock, connected } = rig([heartbeat({ interval: 1_000, message: "ping", isReply })]);
  const peer = await connected();
  await clock.advance(1_000);
  expect(peer.pings).toHaveLength(1);
  expect(peer.received).toEqual([]);
});

test("measures the round trip of its own answers", async () => {
  const { beat, clock, connected } = withMessage();
  const peer = await connected();
  await clock.advance(4_000);
  await clock.advance(80);
  peer.send("pong");
  await clock.settle();
  expect([beat.rtt, beat.rttVariation]).toEqual([80, 40]);
  await clock.advance(4_160);
  peer.send("pong");
  await clock.settle();
  expect([beat.rtt, beat.rttVariation]).toEqual([90, 50]);
});

test("an answer that comes after other frames is kept from the application, and measured", async () => {
  const { beat, clock, client, messages, connected } = withMessage();
  const peer = await connected();
  await clock.advance(4_000);
  peer.send("busy");
  await clock.advance(1_500);
  peer.send("pong");
  await clock.settle();
  expect(beat.rtt).toBe(1_500);
  expect(messages).toEqual(["busy"]);
  expect(client.isConnected).toBe(true);
});

test("asks nothing while it waits for an answer, however many frames come", async () => {
  const { beat, clock, client, messages, connected } = withMessage({
    interval: 1_000,
    timeout: 8_000,
  });
  const peer = await connected();
  await clock.advance(1_000);
  for (let i = 0; i < 3; i++) {
    peer.send("busy");
    await clock.advance(2_000);
  }
  expect(peer.received).toEqual(["ping"]);
  beat.onProbe?.();
  expect(peer.received).toEqual(["ping"]);
  peer.send("pong");
  await clock.settle();
  expect(beat.rtt).toBe(6_000);
  expect(messages).not.toContain("pong");
  await clock.advance(1_000);
  expect(peer.received).toEqual(["ping", "ping"]);
  expect(client.isConnected).toBe(true);
});

test("a reply that is lost does not end the measuring: after the timeout it is waited for no more", async () => {
  const { beat, clock, client, server, messages, connected } = withMessage();
  const peer = await connected();
  await clock.advance(4_000);
  for (let round = 0; round < 10; round++) {
    peer.send("busy");
    await clock.advance(5_000);
  }
  expect(beat.rtt).toBeNull();
  server.onMessage((message) => {
    if (message === "ping") peer.send("pong");
  });
  peer.send("busy");
  await clock.advance(5_000);
  expect(beat.rtt).toBe(0);
  expect(messages).not.toContain("pong");
  // The questions that were forgotten claim nothing any more.
  peer.send("pong");
  expect(messages.at(-1)).toBe("pong");
  expect(client.isConnected).toBe(true);
});

test("is not judged by a question from before the last frame, but asked once more", async () => {
  const { clock, client, connected } = withMessage({ interval: 1_000, timeout: 5_000 });
  const peer = await connected();
  await clock.advance(1_000);
  peer.send("busy");
  await clock.advance(5_999);
  expect(peer.received).toEqual(["ping"]);
  await clock.advance(1);
  expect(peer.received).toEqual(["ping", "ping"]);
  await clock.advance(4_999);
  expect(client.isConnected).toBe(true);
  await clock.advance(1);
  expect(client.isConnected).toBe(false);
});

test("after a sleep it waits once more for the answer that is due, and asks no second time", async () => {
  const { clock, client, messages, connected } = withMessage();
  const peer = await connected();
  await clock.advance(4_000);
  clock.jump(600_000);
  await clock.advance(0);
  expect(client.isConnected).toBe(true);
  expect(peer.received).toEqual(["ping"]);
  await clock.advance(1_999);
  peer.send("pong");
  await clock.settle();
  expect(messages).toEqual([]);
  await clock.advance(3_999);
  expect(client.isConnected).toBe(true);
});

test("without isReply any frame is a sign of life, and the application gets it", async () => {
  const { beat, clock, client, messages, connected } = withMessage({ isReply: undefined });
  const peer = await connected();
  await clock.advance(4_000);
  peer.send("pong");
  await clock.advance(4_000);
  expect(messages).toEqual(["pong"]);
  expect(peer.received).toEqual(["ping", "ping"]);
  expect(beat.rtt).toBeNull();
  await clock.advance(1_999);
  expect(client.isConnected).toBe(true);
  await clock.advance(1);
  expect(client.isConnected).toBe(false);
});

test("passes every onSend and onMessage as the application's messages do", async () => {
  const codec = {
    name: "codec",
    onSend: (message: unknown) => `<${String(message)}>`,
    onMessage: (message: unknown) => String(message).slice(1, -1),
  };
  const beat = heartbeat({ interval: 1_000, message: "ping", isReply });
  const { clock, messages, connected } = rig([codec, beat], { transport: { ping: false } });
  const peer = await connected();
  await clock.advance(1_000);
  expect(peer.received).toEqual(["<ping>"]);
  peer.send("<pong>");
  await clock.settle();
  expect(messages).toEqual([]);
  expect(beat.rtt).toBe(0);
});

test.each([
  ["throws", () => raise("no sequence number")],
  ["gives no message", () => undefined as unknown as string],
])(
  "a message function that %s is reported, and the connection is not judged by it",
  async (_, message) => {
    const { clock, client, errors, connected } = withMessage({ message });
    await connected();
    await clock.advance(4_000);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(PluginError);
    expect(errors[0]).toMatchObject({ plugin: "heartbeat" });
    await clock.advance(6_000);
    expect(client.isConnected).toBe(true);
    expect(errors).toHaveLength(2);
  },
);

test("a message function that throws when an answer is still due is reported as well", async () => {
  let count = 0;
  const { clock, client, errors, connected } = withMessage({
    message: () => (++count === 2 ? raise("no") : "ping"),
  });
  const peer = await connected();
  await clock.advance(4_000);
  peer.send("busy");
  await clock.advance(5_000);
  expect(errors.map((error) => (error.cause as Error).message)).toEqual(["no"]);
  await clock.advance(3_000);
  expect(client.isConnected).toBe(true);
});

test("an isReply that throws is reported, and the message is the application's", async () => {
  const { beat, clock, client, errors, messages, connected } = withMessage({
    isReply: (message) => (message === "odd" ? raise("not JSON") : message === "pong"),
  });
  const peer = await connected();
  await clock.advance(4_000);
  peer.send("odd");
  await clock.settle();
  expect(errors.map((error) => (error.cause as Error).message)).toEqual(["not JSON"]);
  expect(messages).toEqual(["odd"]);
  await clock.advance(4_000);
  peer.send("pong");
  await clock.settle();
  expect(messages).toEqual(["odd"]);
  expect(beat.rtt).toBe(0);
  expect(client.isConnected).toBe(true);
});

test("a loss while an answer is due is no fault of the heartbeat, and leaves nothing behind", async () => {
  const { clock, client, server, errors, messages, connected } = withMessage();
  const peer = await connected();
  await clock.advance(4_000);
  peer.drop();
  await clock.advance(500);
  expect(client.isConnected).toBe(true);
  server.peer.send("pong");
  expect(messages).toEqual(["pong"]);
  expect(errors).toEqual([]);
  await client.close();
  expect(clock.pending).toBe(0);
});

test("taken away while an answer is due it tells nothing any more", async () => {
  const { clock, client, errors, messages, connected } = rig([], { transport: { ping: false } });
  const peer = await connected();
  const beat = heartbeat({ interval: 1_000, message: "ping", isReply });
  const remove = client.use(beat);
  await clock.advance(1_000);
  expect(peer.received).toEqual(["ping"]);
  remove();
  await clock.settle();
  peer.send("pong");
  await clock.settle();
  expect(messages).toEqual(["pong"]);
  expect(beat.rtt).toBeNull();
  expect(errors).toEqual([]);
  // The client's own, for the outage.
  await clock.advance(5_000);
  expect(clock.pending).toBe(0);
});

function raise(message: string): never {
  throw new Error(message);
}
