import { Buffer } from "node:buffer";
import { setFlagsFromString } from "node:v8";
import { expect, test } from "vitest";
import { writeFrame } from "./frame-writer.ts";
import { nextMaskOf } from "./masks.ts";

// The optimizing compilers remove some allocations, in their own time.
for (const flag of ["--no-opt", "--no-maglev"]) setFlagsFromString(flag);

const times = 5_000;
const rounds = 60;

/** Bytes of the heap that a call takes, the median of many rounds. */
function allocated(call: () => void): number {
  const grown: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.memoryUsage().heapUsed;
    for (let n = 0; n < times; n++) call();
    grown.push((process.memoryUsage().heapUsed - before) / times);
  }
  return grown.toSorted((a, b) => a - b)[rounds / 2] as number;
}

test("a frame allocates its view on the memory that frames share, and nothing else", () => {
  const bytes = Buffer.alloc(100);
  const payload = new Uint8Array(65);
  const socket = { write() {} };
  const nextMask = nextMaskOf({});
  const view = allocated(() => bytes.subarray(2, 8));
  expect(view, "the measure sees it").toBeGreaterThan(40);
  // The smallest object takes 12 bytes or more.
  expect(allocated(() => writeFrame(socket, 2, payload, nextMask))).toBeLessThan(view + 8);
});
