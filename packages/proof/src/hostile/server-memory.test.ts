import { Buffer } from "node:buffer";
import { constants, deflateRawSync } from "node:zlib";
import { createClient } from "@stream-tungstenite/core";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { turn } from "./clock.ts";
import { closeFrame, frame, opcode } from "rig/frame";
import { rawServer, type RawConnection } from "./raw-server.ts";
import { judged, type Verdict } from "./verdict.ts";

const { continuation, text, binary, ping } = opcode;
const fragment = { fin: false };

/** Bytes that may be under way beside what the client keeps: in kernels and in buffers of sockets. */
const underWay = 2 ** 25;
/** Bytes that a hostile server would send. */
const flood = 2 ** 29;

/** The most bytes of memory that this process ever held. */
const peak = (): number => process.resourceUsage().maxRSS * 1024;

/** Lets a server flood a client until that has had enough. */
async function flooded(
  act: (connection: RawConnection) => void,
  options: object,
): Promise<Verdict & { readonly sent: number }> {
  const server = await rawServer((connection) => {
    connection.upgrade();
    connection.endAtClose();
    act(connection);
  });
  const verdict = await judged(server.url, nodeTransport(options));
  const [connection] = server.connections;
  await connection!.gone;
  return { ...verdict, sent: connection!.sent };
}

describe("a message without end is cut off at maxPayload", () => {
  const maxPayload = 2 ** 20;

  test("in a single frame that tells its length: at once", async () => {
    const { cause, wasWorthARetry, sent } = await flooded(
      (connection) => {
        connection.socket.write(frame(binary, [], { length: 2 ** 50, lengthBytes: 8 }));
        connection.flood(Buffer.alloc(2 ** 16), flood);
      },
      { maxPayload },
    );
    expect(cause).toMatchObject({ close: { code: 1009, wasClean: false } });
    expect(cause.message).toContain("Max payload size exceeded");
    expect(wasWorthARetry, "the next one would be as long").toBe(false);
    expect(sent).toBeLessThan(underWay);
  });

  test.each([
    ["large fragments", 2 ** 16],
    ["fragments of one byte less than the limit", 2 ** 20 - 1],
  ])("in %s", async (_, size) => {
    const { cause, wasWorthARetry, messages, sent } = await flooded(
      (connection) => {
        connection.socket.write(frame(binary, [], fragment));
        connection.flood(frame(continuation, Buffer.alloc(size), fragment), flood);
      },
      { maxPayload },
    );
    expect(cause).toMatchObject({ close: { code: 1009 } });
    expect(wasWorthARetry).toBe(false);
    expect(messages).toEqual([]);
    expect(sent).toBeLessThan(maxPayload + underWay);
  });

  test.each([
    ["of one byte, which cost more to keep than they hold", "x"],
    ["of nothing, which never reach a limit in bytes", ""],
  ])("in fragments %s", async (_, payload) => {
    const fragments = frame(continuation, payload, fragment);
    const many = Buffer.concat(Array.from({ length: 2 ** 12 }, () => fragments));
    const { cause, wasWorthARetry, sent } = await flooded((connection) => {
      connection.socket.write(frame(text, "x", fragment));
      connection.flood(many, flood);
    }, {});
    expect(cause).toMatchObject({ close: { code: 1008 } });
    expect(cause.message).toContain("Too many message fragments");
    expect(wasWorthARetry).toBe(false);
    expect(sent).toBeLessThan(underWay);
  });

  test("in a frame that comes byte by byte, as small parts of which none completes it", async () => {
    const server = await rawServer((connection) => {
      connection.upgrade();
      connection.endAtClose();
      connection.socket.setNoDelay(true);
      connection.socket.write(frame(binary, [], { length: 2 ** 20, lengthBytes: 8 }));
      for (let n = 0; n < 2 ** 14; n++) connection.socket.write(Buffer.alloc(1));
      connection.socket.end();
    });
    const { cause, messages } = await judged(server.url, nodeTransport());
    expect(cause).toMatchObject({ close: { code: 1006 } });
    expect(messages).toEqual([]);
  });
});

test("pings without end, to a server that does not read the answers, end the connection", async () => {
  const pings = Buffer.concat(Array.from({ length: 2 ** 9 }, () => frame(ping, "x".repeat(125))));
  const server = await rawServer((connection) => {
    connection.socket.pause();
    connection.upgrade();
    connection.flood(pings, flood);
  });
  const { cause, wasWorthARetry } = await judged(server.url, nodeTransport());
  expect(cause).toMatchObject({ code: "CONNECTION_LOST", close: { code: 1006, wasClean: false } });
  expect(cause.message).toBe("Connection lost: close code 1006: Too many pings to answer");
  expect(wasWorthARetry).toBe(true);
  await server.connections[0]!.gone;
  expect(server.connections[0]!.sent).toBeLessThan(underWay);
});

test("pings that are read, one after the other, are answered however many there are", async () => {
  const count = 10_000;
  let answers = 0;
  const server = await rawServer((connection) => {
    connection.upgrade();
    const next = (): void => void connection.socket.write(frame(ping, "x"));
    connection.socket.on("data", () => {
      if (++answers === count) connection.socket.write(closeFrame(1008, "enough"));
      else next();
    });
    next();
  });
  const { cause } = await judged(server.url, nodeTransport());
  expect(cause).toMatchObject({ close: { code: 1008, reason: "enough" } });
});

describe("messages without end", () => {
  test("to a slow reader stop the server instead of filling the memory", async () => {
    const payload = "x".repeat(1_000);
    const receiveBuffer = 100;
    const chunk = Buffer.concat(Array.from({ length: 100 }, () => frame(text, payload)));
    const count = 100 * 600;
    const server = await rawServer((connection) => {
      connection.upgrade();
      connection.flood(chunk, chunk.length * 600);
    });
    const client = createClient({ url: server.url, plugins: [nodeTransport()], receiveBuffer });
    onTestFinished(async () => void (await client.close({ timeout: 1 })));
    const reader = client.messages();
    await client.connect();
    let read = 0;
    let furthest = 0;
    for await (const message of reader) {
      expect(message).toBe(payload);
      if (++read === count) break;
      furthest = Math.max(furthest, client.snapshot().messagesReceived - read);
      // The slowest that needs no timer.
      await turn();
    }
    expect(read, "nothing was dropped").toBe(count);
    // Its own hundred, and what one read of the socket had brought when it stopped.
    expect(furthest).toBeLessThan(receiveBuffer + 2 ** 16 / 1_000 + 100);
  });

  test("before the handshakes are done end the connection", async () => {
    const server = await rawServer((connection) => {
      connection.upgrade();
      connection.endAtClose();
      connection.flood(frame(text, "x".repeat(1_000)), flood);
    });
    const { cause, wasWorthARetry, messages } = await judged(server.url, nodeTransport(), {
      receiveBuffer: 50,
      extra: [{ name: "patient", handshake: () => new Promise<void>(() => {}) }],
    });
    expect(cause).toMatchObject({ code: "CONNECTION_LOST", close: { code: 1006 } });
    expect(cause.message).toContain(
      "More than 50 messages arrived before the handshakes were done",
    );
    expect(wasWorthARetry).toBe(true);
    expect(messages).toEqual([]);
    await server.connections[0]!.gone;
    expect(server.connections[0]!.sent).toBeLessThan(underWay);
  });
});

test("a small message that inflates to 512 MiB is cut off at maxPayload", async () => {
  const block = deflateRawSync(Buffer.alloc(2 ** 20), { finishFlush: constants.Z_SYNC_FLUSH });
  const bomb = Buffer.concat(Array.from({ length: 2 ** 9 }, () => block));
  const before = peak();
  const server = await rawServer((connection) => {
    connection.upgrade("Sec-WebSocket-Extensions: permessage-deflate");
    connection.endAtClose();
    // Without the last four bytes, as RFC 7692 §7.2.1 has it.
    connection.socket.write(frame(binary, bomb.subarray(0, -4), { rsv: 4 }));
  });
  const transport = nodeTransport({ perMessageDeflate: true, maxPayload: 2 ** 20 });
  const { cause, wasWorthARetry } = await judged(server.url, transport);
  expect(bomb.length, "the bomb itself is let through").toBeLessThan(2 ** 20);
  expect(cause).toMatchObject({ close: { code: 1009 } });
  expect(wasWorthARetry).toBe(false);
  expect(peak() - before).toBeLessThan(2 ** 27);
});
