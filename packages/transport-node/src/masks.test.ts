import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { nextMaskOf } from "./masks.ts";

/** The bytes of a mask in the order in which they stand in memory. */
const bytesOf = (mask: number): Uint8Array => new Uint8Array(Int32Array.of(mask).buffer);

test("masks are random: none follows from another, beyond those that are made at once too", () => {
  const nextMask = nextMaskOf({});
  const masks = Array.from({ length: 10_000 }, nextMask);
  // Two of them are alike by chance once in a hundred runs, three pairs hardly ever.
  expect(new Set(masks).size).toBeGreaterThan(9_996);
  const ones = masks.map((mask) => (mask >>> 0).toString(2).replaceAll("0", "").length);
  const mean = ones.reduce((sum, count) => sum + count) / masks.length;
  expect(mean).toBeGreaterThan(15.5);
  expect(mean).toBeLessThan(16.5);
});

test("connections draw from the same stock, and never the same mask", () => {
  const one = nextMaskOf({});
  const other = nextMaskOf({});
  const masks = Array.from({ length: 100 }, () => [one(), other()]).flat();
  expect(new Set(masks).size).toBeGreaterThan(198);
});

test("a function of the application's writes masks into four bytes of its connection's own", () => {
  const seen: Buffer[] = [];
  let count = 0;
  const generateMask = (mask: Buffer): void => {
    seen.push(mask);
    // What it does not write stays.
    mask[count] = ++count;
  };
  const nextMask = nextMaskOf({ generateMask });
  expect(bytesOf(nextMask())).toEqual(Uint8Array.of(1, 0, 0, 0));
  expect(bytesOf(nextMask())).toEqual(Uint8Array.of(1, 2, 0, 0));
  expect(seen[1]).toBe(seen[0]);
  expect(seen[0]).toHaveLength(4);
  expect(Buffer.isBuffer(seen[0])).toBe(true);
  nextMaskOf({ generateMask })();
  expect(seen[2]).not.toBe(seen[0]);
});
