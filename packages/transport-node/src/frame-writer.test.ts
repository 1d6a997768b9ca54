import { Buffer } from "node:buffer";
import type { Message } from "@stream-tungstenite/core";
import { describe, expect, test, vi } from "vitest";
import { writeFrame, type FrameSink } from "./frame-writer.ts";
import { nextMaskOf, type NextMask } from "./masks.ts";

interface Frame {
  readonly opcode: number;
  readonly mask: Buffer;
  readonly payload: Buffer;
}

/** Reads a frame by the letter of RFC 6455 §5.2, one byte at a time; it must end where its payload does. */
function decode(frame: Uint8Array): Frame {
  const [first = 0, second = 0] = frame;
  expect(first & 0xf0, "FIN, and no bit of an extension").toBe(0x80);
  expect(second & 0x80, "masked").toBe(0x80);
  const short = second & 0x7f;
  const extended = short < 126 ? 0 : short === 126 ? 2 : 8;
  let size = short;
  if (extended > 0) size = frame.slice(2, 2 + extended).reduce((sum, byte) => sum * 256 + byte, 0);
  const start = 2 + extended + 4;
  expect(frame).toHaveLength(start + size);
  // "The minimal number of bytes MUST be used to encode the length."
  expect(extended).toBe(size < 126 ? 0 : size < 65_536 ? 2 : 8);
  const mask = Buffer.from(frame.slice(start - 4, start));
  const payload = Buffer.from(frame.slice(start));
  for (let i = 0; i < size; i++) payload[i] = (payload[i] as number) ^ (mask[i % 4] as number);
  return { opcode: first & 0x0f, mask, payload };
}

const random = nextMaskOf({});

/** Writes all of them, and only then looks at what was written. */
function frames(messages: readonly Message[], nextMask: NextMask = random): Frame[] {
  const written: Uint8Array[] = [];
  const socket = { write: (frame: Uint8Array) => written.push(frame) };
  for (const message of messages) {
    const size = writeFrame(socket, typeof message === "string" ? 1 : 2, message, nextMask);
    expect(size).toBe(Buffer.byteLength(message));
  }
  expect(written, "each in one piece").toHaveLength(messages.length);
  return written.map(decode);
}

/** `toEqual` takes seconds for a million bytes. */
function expectPayloads(decoded: readonly Frame[], messages: readonly Message[]): void {
  for (const [i, message] of messages.entries()) {
    expect(decoded[i]?.opcode).toBe(typeof message === "string" ? 1 : 2);
    // As a WHATWG encoder has it: lone surrogates are U+FFFD.
    const bytes = typeof message === "string" ? new TextEncoder().encode(message) : message;
    expect(decoded[i]?.payload.equals(bytes), `message ${i}`).toBe(true);
  }
}

const sizes = [
  0, 1, 2, 3, 4, 5, 7, 8, 124, 125, 126, 127, 128, 1_023, 4_096, 16_383, 16_384, 16_385, 65_535,
  65_536, 65_537, 1_048_576,
];
const nextMasks: readonly (readonly [string, NextMask])[] = [
  ["random masks", random],
  ["a mask of its own", nextMaskOf({ generateMask: (mask) => mask.set([0x01, 0xfe, 0x80, 0x7f]) })],
  ["a mask of zeros", nextMaskOf({ generateMask: (mask) => void mask.fill(0) })],
];

describe.each(nextMasks)("with %s", (_, nextMask) => {
  test.each([
    ["ASCII", "a"],
    ["characters of two bytes", "é"],
    ["characters of two bytes in strings of two", "я"],
    ["characters of three bytes", "€"],
    ["characters of four bytes", "😀"],
    ["a mixture", "Grüße, €9 😀!"],
    ["lone high surrogates", "a\ud800"],
    ["lone low surrogates", "\udc00b"],
    ["surrogates the wrong way round", "\udc00\ud800"],
  ])("text of %s is written as it is, whatever its length", (_name, unit) => {
    const messages = sizes.map((size) => unit.repeat(size / unit.length + 1).slice(0, size));
    expectPayloads(frames(messages, nextMask), messages);
  });

  test("bytes are written as they are, wherever they stand in memory, and not changed", () => {
    const all = Buffer.alloc(1_048_600, "every byte of this counts; ");
    const before = Buffer.from(all);
    const messages = sizes.flatMap((size) =>
      [0, 1, 2, 3].map((offset) => new Uint8Array(all.buffer, all.byteOffset + offset, size)),
    );
    expectPayloads(frames(messages, nextMask), messages);
    expect(all.equals(before)).toBe(true);
  });
});

test("a mask is the four bytes that were generated, in their order", () => {
  let count = 0;
  const nextMask = nextMaskOf({
    generateMask: (mask) => void mask.writeUInt32BE(0x0a0b0c00 + count++),
  });
  const masks = frames(["", "short", "é".repeat(500), new Uint8Array(100_000)], nextMask);
  expect(masks.map(({ mask }) => mask.toString("hex"))).toEqual([
    "0a0b0c00",
    "0a0b0c01",
    "0a0b0c02",
    "0a0b0c03",
  ]);
});

test("the mask of a frame differs from that of the next", () => {
  const masks = frames(Array.from({ length: 1_000 }, () => "the same")).map(({ mask }) =>
    mask.toString("hex"),
  );
  expect(new Set(masks).size).toBeGreaterThan(996);
});

test("frames that wait are not overwritten by those that come later", () => {
  const messages = Array.from({ length: 3_000 }, (_, i) => {
    const size = (i * 37) % 900;
    return i % 3 === 0 ? Buffer.alloc(size, i) : (i % 3 === 1 ? "x" : "€").repeat(size);
  });
  expectPayloads(frames(messages), messages);
});

test("a text whose last character does not fit into what is left is not cut off", () => {
  // Fill what frames share up to each of the last bytes, then write what needs more than its length.
  for (const unit of ["€", "😀", "\ud800", "a€", "aaa😀"]) {
    for (let left = 0; left < 64; left++) {
      const fill = Array.from({ length: 3 }, () => "f".repeat(16_000));
      const messages = [
        ...fill,
        "f".repeat(16_384 - 64 + left),
        unit.repeat(20),
        unit.repeat(3_000),
      ];
      expectPayloads(frames(messages), messages);
    }
  }
});

test("the bytes of ASCII, long or short, are not counted before they are encoded", () => {
  const messages = sizes.map((size) => "a".repeat(size));
  const count = vi.spyOn(Buffer, "byteLength");
  for (const message of messages) writeFrame({ write() {} }, 1, message, random);
  expect(count).not.toHaveBeenCalled();
  count.mockRestore();
});

test("a mask's function may write a frame itself", () => {
  const written: Uint8Array[] = [];
  const socket = { write: (frame: Uint8Array) => written.push(frame) };
  const nested = (): number => {
    writeFrame(socket, 1, "inner", random);
    return random();
  };
  writeFrame(socket, 1, "outer", nested);
  expect(written.map((frame) => decode(frame).payload.toString())).toEqual(["inner", "outer"]);
});

test("a function that throws leaves nothing behind", () => {
  const write = vi.fn<FrameSink["write"]>();
  const broken = (): number => {
    throw new Error("no mask");
  };
  expect(() => writeFrame({ write }, 1, "message", broken)).toThrow("no mask");
  expect(write).not.toHaveBeenCalled();
  expectPayloads(frames(["next"]), ["next"]);
});

test("a control frame is written too, and the socket tells when it was", () => {
  const write = vi.fn<FrameSink["write"]>();
  const written = (): void => {};
  expect(writeFrame({ write }, 9, Uint8Array.of(1, 2), random, written)).toBe(2);
  expect(write).toHaveBeenCalledExactlyOnceWith(expect.any(Uint8Array), written);
  expect(decode(write.mock.calls[0]![0])).toMatchObject({
    opcode: 9,
    payload: Buffer.from([1, 2]),
  });
});
