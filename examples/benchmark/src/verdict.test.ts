import { describe, expect, test } from "vitest";
import type { WorkResult } from "./results.ts";
import type { Target } from "./targets.ts";
import { judge } from "./verdict.ts";

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
    const { measured, reached } = judge(target, results, false);
    expect(measured).toMatchObject({ median: 2, count: 3 });
    expect(reached).toBe(true);
    expect(judge({ ...target, bound: { atLeast: 2.1 } }, results, false).reached).toBe(false);
    expect(judge({ ...target, bound: { atMost: 2 } }, results, false).reached).toBe(true);
    expect(judge({ ...target, bound: { atMost: 1.9 } }, results, false).reached).toBe(false);
  });

  test("is granted its margin by a lenient judge alone", () => {
    const high = { ...target, bound: { atLeast: 2.5 }, margin: 0.2 };
    expect(judge(high, results, false).reached).toBe(false);
    expect(judge(high, results, true).reached).toBe(true);
    const low = { ...target, bound: { atMost: 1.6 }, margin: 0.25 };
    expect(judge(low, results, false).reached).toBe(false);
    expect(judge(low, results, true).reached).toBe(true);
  });

  test("is reached for a lenient judge when the best rounds of both sides are good", () => {
    const noisy = new Map([["small", result("small", [10, 10, 10], [21, 5, 4])]]);
    expect(judge(target, noisy, false).reached).toBe(false);
    expect(judge(target, noisy, true).reached).toBe(true);
    const slow = new Map([["small", result("small", [10, 11, 10], [19, 19, 18])]]);
    expect(judge(target, slow, true).reached).toBe(false);
  });

  test("may be a difference, a value, or how a ratio changes from one work to another", () => {
    const median = (kind: Target["kind"]): number =>
      judge({ ...target, kind, from: "large" }, results, false).measured.median;
    expect(median("difference")).toBe(10);
    expect(median("value")).toBe(20);
    expect(median("scaling")).toBe(2);
  });

  test("that was not measured is not reached", () => {
    expect(judge({ ...target, work: "other" }, results, true).reached).toBe(false);
    expect(judge({ ...target, bound: { atMost: 9 }, metric: "cpu" }, results, true).reached).toBe(
      false,
    );
  });
});
