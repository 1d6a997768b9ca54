import { Buffer } from "node:buffer";
import { describe, expect, test } from "vitest";
import { invalidUtf8, validTexts } from "./testing/utf8-samples.ts";
import { decodeUtf8 } from "./utf8.ts";

describe("what is not UTF-8 is found", () => {
  test.each(invalidUtf8)("%s", (_, bytes) => {
    expect(decodeUtf8(Buffer.from(bytes))).toBeUndefined();
    expect(decodeUtf8(Buffer.from([0x61, ...bytes, 0x62]))).toBeUndefined();
  });
});

describe("text is decoded as it is", () => {
  test.each(validTexts)("%s", (_, text) => {
    expect(decodeUtf8(Buffer.from(text))).toBe(text);
  });
});

test("only the part asked for is looked at", () => {
  const bytes = Buffer.from([0xff, 0x61, 0xef, 0xbf, 0xbd, 0xff]);
  expect(decodeUtf8(bytes, 1, 5)).toBe("a\ufffd");
  expect(decodeUtf8(bytes, 1, 6)).toBeUndefined();
  expect(decodeUtf8(bytes, 0, 2)).toBeUndefined();
});
