import { expect, test } from "vitest";
import { decodeFrame, encodeFrame } from "./frame.ts";

test.each([
  ["nothing", null],
  ["texts of any alphabet", ["aé€😀\u0000\uffff𝄞", ""]],
  ["bytes", Uint8Array.of(0, 255, 1)],
  [
    "bytes among other things",
    { id: 1, args: [Uint8Array.of(1), "x", new Uint8Array(), Uint8Array.of(2, 3)] },
  ],
])("carries %s", (_, value) => {
  expect(decodeFrame(encodeFrame(value))).toEqual(value);
});

test("reads a frame that is a part of its buffer", () => {
  const frame = encodeFrame({ message: Uint8Array.of(7, 8) });
  const larger = new Uint8Array(frame.length + 9);
  larger.set(frame, 5);
  const part = larger.subarray(5, 5 + frame.length);
  expect(decodeFrame(part)).toEqual({ message: Uint8Array.of(7, 8) });
});
