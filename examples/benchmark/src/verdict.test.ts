import { describe, expect, test } from "vitest";
import type { WorkResult } from "./results.ts";
import type { Target } from "./targets.ts";
import { compare, judge } from "./verdict.ts";

const result = (id: string, ws: readonly number[], own: readonly number[]): WorkResult => ({
  id,
  samples: { ws: ws.map((rate) => ({ rate })), tungstenite: own.map((rate) => ({ rate })) },
});
const results: ReadonlyMap<string, WorkResult> = new Map(
  [result("small", [10, 10, 10], [20, 10, 30]), result("large", [10, 10, 10], [10, 10, 15])].map(
    (work) => [work.id, work],
  ),
);
const target: Target = {
  name: "",
  work: "small",
  subject: "tungstenite",
  metric: "rate",
  kind: "ratio",
  bound: { atLeast: 2 },
};

describe("A target", () => {
  test("compares the median of the ratios of the rounds with its bound", () => {
    const { measured, reached } = judge(target, results);
    expect(measured).toMatchObject({ median: 2, count: 3 });
    expect(reached).toBe(true);
    expect(judge({ ...target, bound: { atLeast: 2.1 } }, results).reached).toBe(false);
    expect(judge({ ...target, bound: { atMost: 2 } }, results).reached).toBe(true);
    expect(judge({ ...target, bound: { atMost: 1.9 } }, results).reached).toBe(false);
  });

  test("may be a difference, a value, or how a ratio changes from one work to another", () => {
    const median = (kind: Target["kind"]): number =>
      judge({ ...target, kind, from: "large" }, results).measured.median;
    expect(median("difference")).toBe(10);
    expect(median("value")).toBe(20);
    expect(median("scaling")).toBe(2);
  });

  test("that was not measured is not reached", () => {
    expect(judge({ ...target, work: "other" }, results).reached).toBe(false);
    expect(judge({ ...target, bound: { atMost: 9 }, metric: "cpu" }, results).reached).toBe(false);
  });
});

describe("Beside earlier results, a target", () => {
  const lenient: Target = { ...target, margin: 0.25 };
  const one = (ws: readonly number[], own: readonly number[]): ReadonlyMap<string, WorkResult> =>
    new Map([["small", result("small", ws, own)]]);
  const before = one([10], [30]);
  const none: ReadonlyMap<string, WorkResult> = new Map();
  const passes = (own: readonly number[], earlier = before): boolean =>
    compare(lenient, one([10, 10, 10], own), earlier).reached;

  test("may be worse by its margin, and is measured by its bound where they say nothing", () => {
    expect(compare(lenient, one([10], [23]), before).bound).toEqual({ atLeast: 2.25 });
    expect(passes([23, 23, 23])).toBe(true);
    expect(passes([22, 22, 22])).toBe(false);
    expect(passes([16, 16, 16], none)).toBe(true);
    expect(passes([14, 14, 14], none)).toBe(false);
  });

  test("passes when the best rounds of both sides are good", () => {
    expect(passes([30, 5, 4])).toBe(true);
    expect(compare(lenient, one([10, 15, 10], [22, 22, 22]), before).reached).toBe(false);
  });

  test("passes when it is a rate and CPU time is good, unless it waits most of the time", () => {
    const byCpu = (cpu: number, rate = 9): ReadonlyMap<string, WorkResult> => {
      const samples = { ws: [{ rate: 9, cpu: 9 }], tungstenite: [{ rate, cpu }] };
      return new Map([["small", { id: "small", samples }]]);
    };
    expect(compare(lenient, byCpu(3), before).reached).toBe(true);
    expect(compare(lenient, byCpu(5), before).reached).toBe(false);
    expect(compare(lenient, byCpu(3, 6), before).reached).toBe(false);
  });

  test("that is a difference may be as large as its bound, however small it was", () => {
    const difference: Target = { ...lenient, kind: "difference", bound: { atMost: 8 } };
    const limit = (own: number): unknown => compare(difference, results, one([10], [own])).bound;
    expect([limit(9), limit(30)]).toEqual([{ atMost: 10 }, { atMost: 25 }]);
  });

  test("that is a value keeps its bound: it says nothing of a machine", () => {
    const value: Target = { ...lenient, kind: "value", bound: { atMost: 8 } };
    expect(compare(value, results, one([10], [1])).bound).toEqual({ atMost: 10 });
  });

  test("that was not measured does not pass", () => {
    expect(compare(lenient, none, before).reached).toBe(false);
  });
});
