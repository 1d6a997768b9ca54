import { seededRandom } from "@stream-tungstenite/retry";
import { expect, test } from "vitest";
import { planFaults, quietTime, type PlannedFault } from "./plan.ts";

const plan = (seconds: number, seed = 1): readonly PlannedFault[] =>
  planFaults(seconds * 1_000, seededRandom(seed));

test("the same seed gives the same plan, another seed another one", () => {
  expect(plan(20)).toEqual(plan(20));
  expect(plan(20, 2)).not.toEqual(plan(20));
});

test("6 seconds show a kill", () => {
  expect(plan(6).map(({ fault }) => fault.kind)).toEqual(["kill"]);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])("18 seconds show every kind of fault (seed %i)", (seed) => {
  const faults = plan(18, seed).map(({ fault }) => fault);
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(
    new Set(["kill", "close", "refuse", "silence"]),
  );
  const codes = faults.flatMap((fault) => (fault.kind === "close" ? [fault.code] : []));
  expect(codes.toSorted((a, b) => a - b)).toEqual([1000, 1001, 1011, 1013, 4000]);
});

test("faults come one after the other, and leave the end quiet", () => {
  for (const seconds of [5, 6, 10, 20, 60]) {
    let free = 0;
    for (const { at, window } of plan(seconds)) {
      expect(at).toBeGreaterThanOrEqual(free);
      free = at;
      expect(at + window).toBeLessThanOrEqual(seconds * 1_000 - quietTime + 200);
    }
  }
});

test("a long run goes through all of it again and again", () => {
  expect(plan(120).filter(({ fault }) => fault.kind === "kill").length).toBeGreaterThan(4);
});

test("a run too short for any fault has none", () => {
  expect(plan(3)).toEqual([]);
});
