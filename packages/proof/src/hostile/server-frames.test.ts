import { Buffer } from "node:buffer";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import { describe, expect, test } from "vitest";
import { closeFrame, frame, opcode } from "rig/frame";
import { invalidUtf8 } from "./invalid-utf8.ts";
import { rawServer } from "./raw-server.ts";
import { judged, type Verdict } from "./verdict.ts";

const { continuation, text, binary, close, ping, pong } = opcode;
const fragment = { fin: false };

/** What a client makes of a server that upgrades, says these bytes and waits. */
async function after(bytes: Buffer, options: object = {}): Promise<Verdict> {
  const server = await rawServer((connection) => {
    connection.upgrade();
    connection.endAtClose();
    connection.socket.write(Buffer.concat([frame(text, "before"), bytes, frame(text, "behind")]));
  });
  const verdict = await judged(server.url, nodeTransport(options));
  await server.connections[0]?.gone;
  expect(server.connections, "nobody was dialled twice").toHaveLength(1);
  return verdict;
}

const breaches: readonly (readonly [name: string, bytes: Buffer, code: number, told: string])[] = [
  ["reserved bit 1", frame(text, "x", { rsv: 4 }), 1002, "RSV1 must be clear"],
  ["reserved bit 2", frame(text, "x", { rsv: 2 }), 1002, "RSV2 and RSV3 must be clear"],
  ["reserved bit 3", frame(binary, "x", { rsv: 1 }), 1002, "RSV2 and RSV3 must be clear"],
  ["reserved bit 1 on a ping", frame(ping, "x", { rsv: 4 }), 1002, "RSV1 must be clear"],
  ["a masked frame", frame(text, "x", { masked: true }), 1002, "MASK must be clear"],
  ["a masked ping", frame(ping, "x", { masked: true }), 1002, "MASK must be clear"],
  ["a continuation of nothing", frame(continuation, "x"), 1002, "invalid opcode 0"],
  [
    "a message begun inside another",
    Buffer.concat([frame(text, "x", fragment), frame(text, "y")]),
    1002,
    "invalid opcode 1",
  ],
  [
    "a binary message begun inside a text",
    Buffer.concat([frame(text, "x", fragment), frame(binary, "y")]),
    1002,
    "invalid opcode 2",
  ],
  ["a fragmented ping", frame(ping, "x", fragment), 1002, "FIN must be set"],
  ["a fragmented close", frame(close, [], fragment), 1002, "FIN must be set"],
  ["a ping of 126 bytes", frame(ping, "x".repeat(126)), 1002, "invalid payload length 126"],
  ["a pong of 65,536 bytes", frame(pong, "x".repeat(65_536)), 1002, "invalid payload length 127"],
  ["a close of 126 bytes", closeFrame(1000, "x".repeat(124)), 1002, "invalid payload length 126"],
  [
    "a length of more than 53 bits",
    frame(binary, [], { length: 2n ** 60n, lengthBytes: 8 }),
    1009,
    "payload length > 2^53 - 1",
  ],
  [
    "a length above maxPayload, of which nothing came yet",
    frame(binary, [], { length: 2 ** 40, lengthBytes: 8 }),
    1009,
    "Max payload size exceeded",
  ],
  ["a close of one byte", frame(close, [3]), 1002, "invalid payload length 1"],
];

describe("a frame that breaks the protocol ends the connection for good, and says which rule", () => {
  test.each(breaches)("%s", async (_, bytes, code, told) => {
    const { cause, wasWorthARetry, messages } = await after(bytes);
    expect(cause).toMatchObject({
      name: "ConnectionLostError",
      code: "CONNECTION_LOST",
      retryable: false,
      close: { code, reason: "", wasClean: false },
    });
    expect(cause.message).toContain(told);
    expect(wasWorthARetry, "the server would do it again").toBe(false);
    expect(messages, "what came before it counts, nothing behind it").toEqual(["before"]);
  });

  test.each([3, 4, 5, 6, 7, 11, 12, 13, 14, 15])("opcode %i", async (code) => {
    const { cause, wasWorthARetry } = await after(frame(code, "x"));
    expect(cause).toMatchObject({ close: { code: 1002 } });
    expect(cause.message).toContain(`invalid opcode ${code}`);
    expect(wasWorthARetry).toBe(false);
  });

  // Never on the wire, or nobody's yet (RFC 6455 §7.4.1 and §7.4.2).
  test.each([0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65_535])(
    "a close with code %i",
    async (code) => {
      const { cause, wasWorthARetry } = await after(closeFrame(code, "why"));
      expect(cause).toMatchObject({ close: { code: 1002, reason: "", wasClean: false } });
      expect(cause.message).toContain(`invalid status code ${code}`);
      expect(wasWorthARetry).toBe(false);
    },
  );
});

describe("bytes that are not UTF-8 end the connection with 1007, for good", () => {
  test.each(invalidUtf8)("in a text: %s", async (_, bytes) => {
    const { cause, wasWorthARetry, messages } = await after(frame(text, bytes));
    expect(cause).toMatchObject({ code: "CONNECTION_LOST", close: { code: 1007, reason: "" } });
    expect(cause.message).toContain("The server sent a text message that is not UTF-8");
    expect(wasWorthARetry).toBe(false);
    expect(messages).toEqual(["before"]);
  });

  test.each(invalidUtf8)("in fragments of one byte: %s", async (_, bytes) => {
    const [first, ...rest] = bytes;
    const frames = [
      frame(text, [0x61, first as number], fragment),
      // Control frames may come between (RFC 6455 §5.4).
      frame(ping, "between"),
      ...rest.map((byte) => frame(continuation, [byte], fragment)),
      frame(continuation),
    ];
    const { cause, messages } = await after(Buffer.concat(frames));
    expect(cause).toMatchObject({ close: { code: 1007 } });
    expect(messages).toEqual(["before"]);
  });

  test.each(invalidUtf8)("in a close reason: %s", async (_, bytes) => {
    const { cause, wasWorthARetry } = await after(closeFrame(1000, bytes));
    expect(cause).toMatchObject({ close: { code: 1007, reason: "", wasClean: false } });
    expect(cause.message).toContain("The server sent a close reason that is not UTF-8");
    expect(wasWorthARetry).toBe(false);
  });

  test("but bytes in a binary message are what they are", async () => {
    const bytes = invalidUtf8.flatMap(([, sample]) => sample);
    const { cause, messages } = await after(
      Buffer.concat([frame(binary, bytes), closeFrame(1008, "enough")]),
    );
    expect(messages[1]).toEqual(Uint8Array.from(bytes));
    expect(cause).toMatchObject({ close: { code: 1008, reason: "enough", wasClean: true } });
  });
});

describe("compression", () => {
  const deflating = async (bytes: Buffer, options: object = {}): Promise<Verdict> => {
    const server = await rawServer((connection) => {
      connection.upgrade("Sec-WebSocket-Extensions: permessage-deflate");
      connection.socket.write(bytes);
    });
    return judged(server.url, nodeTransport({ perMessageDeflate: true, ...options }));
  };

  test("that does not inflate is 1007", async () => {
    const { cause, wasWorthARetry } = await deflating(frame(text, [0xff, 0xff, 0xff], { rsv: 4 }));
    expect(cause).toMatchObject({ code: "CONNECTION_LOST", close: { code: 1007 } });
    expect(wasWorthARetry).toBe(false);
  });

  test("of a continuation alone is 1002", async () => {
    const frames = [frame(text, "x", fragment), frame(continuation, "x", { rsv: 4 })];
    const { cause } = await deflating(Buffer.concat(frames));
    expect(cause).toMatchObject({ close: { code: 1002 } });
    expect(cause.message).toContain("RSV1 must be clear");
  });
});

describe("a server that goes away in the middle of a frame is worth a retry", () => {
  test.each([
    ["of its header", Buffer.from([0x81])],
    ["of its length", Buffer.from([0x82, 126, 1])],
    ["of its payload", frame(text, "x", { length: 5 })],
    ["of a message", frame(text, "x", fragment)],
  ])("%s", async (_, bytes) => {
    const server = await rawServer((connection) => {
      connection.upgrade();
      connection.socket.end(bytes);
    });
    const { cause, wasWorthARetry, messages } = await judged(server.url, nodeTransport());
    expect(cause).toMatchObject({
      code: "CONNECTION_LOST",
      message: "Connection lost: close code 1006",
      close: { code: 1006, reason: "", wasClean: false },
    });
    expect(wasWorthARetry).toBe(true);
    expect(messages, "half a message is none").toEqual([]);
  });
});

test("what a server says behind its close frame is not heard", async () => {
  const server = await rawServer((connection) => {
    connection.upgrade();
    connection.socket.write(
      Buffer.concat([closeFrame(1011, "restarting"), frame(text, "late"), closeFrame(1008)]),
    );
  });
  const { cause, wasWorthARetry, messages } = await judged(server.url, nodeTransport());
  expect(cause).toMatchObject({ close: { code: 1011, reason: "restarting", wasClean: true } });
  expect(wasWorthARetry).toBe(true);
  expect(messages).toEqual([]);
});

test("frames that are odd but allowed are taken: pongs nobody asked for, empty fragments, long lengths", async () => {
  const { messages } = await after(
    Buffer.concat([
      frame(pong, "unasked"),
      frame(pong),
      frame(text, "", fragment),
      frame(continuation, "", fragment),
      frame(ping),
      frame(continuation, "odd"),
      frame(text, "short", { lengthBytes: 8 }),
      closeFrame(1008),
    ]),
  );
  expect(messages).toEqual(["before", "odd", "short"]);
});
