import { Buffer } from "node:buffer";
import { once } from "node:events";
import { serve, type Peer } from "rig/serve";
import { describe, expect, test, vi } from "vitest";
import { nodeTransport } from "./index.ts";
import { dial, type Dial } from "./testing/dial.ts";
import { UpgradedDuplex } from "./testing/upgraded-duplex.ts";
import { invalidUtf8, validTexts } from "./testing/utf8-samples.ts";

async function open(options = {}): Promise<{ client: Dial; peer: Peer }> {
  const server = await serve();
  const client = dial(nodeTransport(options), server.url);
  await client.opened;
  return { client, peer: await server.peers.take() };
}

/** A frame as servers send it, unmasked (RFC 6455 §5.2). */
function frame(opcode: number, payload: readonly number[], fin = true): Buffer {
  return Buffer.from([fin ? opcode | 0x80 : opcode, payload.length, ...payload]);
}

describe("text that is not UTF-8 fails the connection with 1007", () => {
  test.each(invalidUtf8)("%s", async (_, bytes) => {
    const { client, peer } = await open();
    peer.socket.write(Buffer.concat([frame(1, bytes), frame(1, [0x61])]));
    const close = await client.closed;
    expect(close).toMatchObject({ code: 1007, reason: "", wasClean: false });
    expect(close.error).toMatchObject({
      message: "The server sent a text message that is not UTF-8",
    });
    expect((await peer.closed).code).toBe(1007);
    await expect(client.messages.take(), "nothing after it is delivered").rejects.toThrow("1007");
  });

  test.each(invalidUtf8)("in fragments: %s", async (_, bytes) => {
    const { client, peer } = await open();
    const rest = bytes.slice(1);
    peer.socket.write(
      Buffer.concat([
        frame(1, [0x61, bytes[0] as number], false),
        ...rest.map((byte) => frame(0, [byte], false)),
        frame(0, []),
      ]),
    );
    expect((await client.closed).code).toBe(1007);
    expect((await peer.closed).code).toBe(1007);
  });
});

describe("text at the borders of what is allowed passes", () => {
  test.each(validTexts)("%s", async (_, text) => {
    const { client, peer } = await open();
    const bytes = [...Buffer.from(text)];
    peer.socket.write(frame(1, bytes));
    expect(await client.messages.take()).toEqual({ message: text, bytes: bytes.length });
  });

  test("a character split over fragments", async () => {
    const { client, peer } = await open();
    peer.socket.write(
      Buffer.concat([frame(1, [0xf0, 0x9f], false), frame(0, [0x98], false), frame(0, [0x80])]),
    );
    expect((await client.messages.take()).message).toBe("😀");
  });
});

test("what came before the invalid text is delivered", async () => {
  const { client, peer } = await open();
  peer.socket.write(Buffer.concat([frame(1, [0x61]), frame(1, [0xff])]));
  expect((await client.messages.take()).message).toBe("a");
  expect((await client.closed).code).toBe(1007);
});

describe("a close reason that is not UTF-8 is 1007", () => {
  test.each(invalidUtf8)("%s", async (_, bytes) => {
    const { client, peer } = await open();
    peer.socket.write(frame(8, [0x03, 0xe8, ...bytes]));
    expect(await client.closed).toMatchObject({
      code: 1007,
      reason: "",
      wasClean: false,
      error: { message: "The server sent a close reason that is not UTF-8" },
    });
  });
});

describe("a breach of the protocol fails the connection and says why", () => {
  test.each([
    ["a reserved opcode", frame(3, []), 1002, "invalid opcode 3"],
    ["a reserved bit", Buffer.from([0xc1, 0]), 1002, "RSV1 must be clear"],
    ["a masked frame", Buffer.from([0x81, 0x80, 0, 0, 0, 0]), 1002, "MASK must be clear"],
    [
      "a close code that must not be sent",
      frame(8, [0x03, 0xee]),
      1002,
      "invalid status code 1006",
    ],
  ])("%s", async (_, bytes, code, message) => {
    const { client, peer } = await open();
    peer.socket.write(bytes);
    const close = await client.closed;
    expect(close).toMatchObject({ code, wasClean: false });
    expect((close.error as Error).message).toContain(message);
    expect((await peer.closed).code).toBe(code);
  });

  test("a message longer than maxPayload", async () => {
    const { client, peer } = await open({ maxPayload: 100 });
    peer.ws.send("a".repeat(100));
    expect((await client.messages.take()).bytes).toBe(100);
    peer.ws.send("a".repeat(101));
    expect(await client.closed).toMatchObject({ code: 1009, wasClean: false });
  });

  test("fragments that are too many, with nothing delivered that comes before the server knows", async () => {
    const { client, peer } = await open({ ws: { maxFragments: 2 } });
    peer.socket.prependListener("data", () => peer.socket.write(frame(1, [0x61])));
    peer.socket.write(
      Buffer.concat([frame(1, [0x61], false), frame(0, [0x61], false), frame(0, [])]),
    );
    expect(await client.closed).toMatchObject({ code: 1008, wasClean: false });
    await expect(client.messages.take()).rejects.toThrow("1008");
  });

  test("a message that inflates beyond maxPayload", async () => {
    const { client, peer } = await open({ maxPayload: 1_000, perMessageDeflate: true });
    peer.ws.send("a".repeat(100_000));
    expect(await client.closed).toMatchObject({ code: 1009, wasClean: false });
  });

  test("a payload that does not inflate", async () => {
    const { client, peer } = await open({ perMessageDeflate: true });
    peer.socket.write(Buffer.from([0xc1, 4, 0xff, 0xff, 0xff, 0xff]));
    expect(await client.closed).toMatchObject({ code: 1007, wasClean: false });
  });
});

describe("who reads the socket", () => {
  /** The listener of its bytes, by name. */
  async function reader(options = {}): Promise<string | undefined> {
    const socket = new UpgradedDuplex(frame(1, [0x61]));
    const ws = { ...options, createConnection: () => socket };
    const client = dial(nodeTransport({ ws }), "ws://feed.test/");
    await client.opened;
    expect(socket.listenerCount("data")).toBe(1);
    const [listener] = socket.listeners("data");
    expect((await client.messages.take()).message).toBe("a");
    return listener?.name;
  }

  test("the transport, so that ws need not make four buffers for each message", async () => {
    expect(await reader()).not.toBe("socketOnData");
  });

  test("ws where it delivers later: its messages would be overtaken", async () => {
    expect(await reader({ allowSynchronousEvents: false })).toBe("socketOnData");
  });
});

test("messages keep their order where some are compressed, and decoded later", async () => {
  const { client, peer } = await open({ perMessageDeflate: true });
  expect((await client.opened).extensions).toContain("permessage-deflate");
  const sent = ["short", "a".repeat(5_000), "short again", "b".repeat(5_000), "and again"];
  for (const message of sent) peer.ws.send(message);
  const got: unknown[] = [];
  for (const _ of sent) got.push((await client.messages.take()).message);
  expect(got).toEqual(sent);
});

test("bytes are a plain Uint8Array", async () => {
  const { client, peer } = await open();
  peer.ws.send(Buffer.from([1, 2, 3]));
  const { message, bytes } = await client.messages.take();
  expect(Object.getPrototypeOf(message)).toBe(Uint8Array.prototype);
  expect(message).toEqual(Uint8Array.of(1, 2, 3));
  expect(bytes).toBe(3);
});

test("a reset is 1006 with the network's error", async () => {
  const { client, peer } = await open();
  peer.socket.resetAndDestroy();
  expect(await client.closed).toMatchObject({
    code: 1006,
    reason: "",
    wasClean: false,
    error: { code: "ECONNRESET" },
  });
});

test("a server that does not answer the close frame is dropped", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const { client, peer } = await open();
    peer.socket.removeAllListeners("data");
    peer.socket.write(frame(1, [0xff]));
    await once(peer.socket, "data");
    vi.advanceTimersByTime(1_000);
    expect(await client.closed).toMatchObject({ code: 1007, wasClean: false });
  } finally {
    vi.useRealTimers();
  }
});

test("a reset after the closing handshake changes nothing", async () => {
  const { client, peer } = await open();
  peer.socket.removeAllListeners("data");
  peer.socket.on("data", () => peer.socket.resetAndDestroy());
  peer.socket.write(frame(8, [0x03, 0xe9]));
  expect(await client.closed).toEqual({ code: 1001, reason: "", wasClean: true });
});

test("a server's ping is answered and told as activity", async () => {
  const { client, peer } = await open();
  const answered = new Promise((resolve) => peer.ws.once("pong", resolve));
  peer.ws.ping("are you there?");
  await client.activities.take();
  expect(await answered).toEqual(Buffer.from("are you there?"));
});
