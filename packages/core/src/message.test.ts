import { describe, expect, test } from "vitest";
import { byteLength, toMessage } from "./message.ts";
import { seededRandom } from "./testing/index.ts";

describe("toMessage", () => {
  test("keeps texts and byte arrays as they are", () => {
    const bytes = Uint8Array.of(1, 2);
    expect(toMessage("text")).toBe("text");
    expect(toMessage(bytes)).toBe(bytes);
  });

  test("looks through buffers and views without copying", () => {
    const { buffer } = Uint8Array.of(1, 2, 3, 4);
    const whole = toMessage(buffer) as Uint8Array;
    const part = toMessage(new DataView(buffer, 1, 2)) as Uint8Array;
    expect(whole).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(part).toEqual(Uint8Array.of(2, 3));
    expect(whole.buffer).toBe(buffer);
    expect(part.buffer).toBe(buffer);
  });

  test.each([
    [1, "number"],
    [null, "null"],
    [undefined, "undefined"],
    [{}, "object"],
    [["a"], "object"],
    [new SharedArrayBuffer(1), "object"],
  ])("refuses %o at once", (value, named) => {
    expect(() => toMessage(value as never)).toThrow(
      new TypeError(`A message is a string, an ArrayBuffer or a view of one, not ${named}`),
    );
  });
});

describe("byteLength", () => {
  test.each([
    ["", 0],
    ["a\u007F", 2],
    ["\u0080\u07FF", 4],
    ["\u0800\uD7FF\uE000\uFFFF", 12],
    ["\uD800\uDC00\uDBFF\uDFFF", 8],
    ["\uD800", 3],
    ["\uDC00x", 4],
    ["\uD800\uD800\uDC00", 7],
    ["\uDC00\uDC00", 6],
    ["\uD800\uE000", 6],
  ])("of %j is that of its UTF-8", (text, bytes) => {
    expect(byteLength(text)).toBe(bytes);
  });

  test("agrees with the platform's encoder on any text", () => {
    const random = seededRandom(7);
    const kinds = [0x80, 0x800, 0xd800, 0xdc00, 0xe000, 0x10000];
    for (let round = 0; round < 500; round++) {
      const units = Array.from({ length: Math.floor(random() * 12) }, () =>
        Math.floor(random() * kinds[Math.floor(random() * kinds.length)]!),
      );
      const text = String.fromCharCode(...units);
      expect(byteLength(text)).toBe(Buffer.byteLength(text));
    }
  });

  test("of bytes is their number, whatever their element size", () => {
    expect(byteLength(Uint8Array.of(1, 2, 3))).toBe(3);
  });
});
