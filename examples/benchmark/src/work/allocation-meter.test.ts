import { expect, test } from "vitest";
import { AllocationMeter, bytesByFile } from "./allocation-meter.ts";

test("What is allocated between begin and end is counted per message, though it was collected", () => {
  const messages = 20_000;
  const meter = new AllocationMeter();
  let kept: unknown;
  for (let n = 0; n < messages; n++) kept = new Uint8Array(1_000);
  const { all, own } = meter.end(messages);
  expect(kept).toHaveLength(1_000);
  // A view and its bytes, which the engine may keep outside of its heap.
  expect(all).toBeGreaterThan(50);
  expect(own).toBe(0);
});

test("Bytes are summed up by file", () => {
  const node = (url: string, selfSize: number, children: object[] = []): object => ({
    callFrame: { url },
    selfSize,
    children,
  });
  const head = node("", 1, [node("a.js", 2, [node("b.js", 3)]), node("b.js", 4)]);
  expect([...bytesByFile(head as never)]).toEqual([
    ["", 1],
    ["a.js", 2],
    ["b.js", 7],
  ]);
});
