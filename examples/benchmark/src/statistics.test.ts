import { expect, test } from "vitest";
import { differences, quantile, ratios, spread, turns } from "./statistics.ts";

test("A quantile lies between the values around it", () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
  expect(quantile([1, 2, 3], 0.5)).toBe(2);
  expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
  expect(quantile([7], 0.99)).toBe(7);
  expect(quantile([], 0.5)).toBeNaN();
});

test("A spread takes values in any order, and leaves them as they were", () => {
  const values = [5, 1, 4, 2, 3];
  expect(spread(values)).toEqual({ median: 3, low: 2, high: 4, count: 5 });
  expect(values).toEqual([5, 1, 4, 2, 3]);
});

test("Ratios and differences are taken round by round", () => {
  expect(ratios([2, 9, 8], [1, 3, 4])).toEqual([2, 3, 2]);
  expect(differences([2, 9], [1, 3])).toEqual([1, 6]);
});

test("A round of which one side is missing gives no ratio", () => {
  expect(ratios([2, 9], [1])).toEqual([2]);
  expect(ratios([2, Number.NaN, 3], [1, 1, 0])).toEqual([2]);
});

test("Every other round goes backwards", () => {
  const rounds = [0, 1, 2].map((round) => turns(["a", "b", "c"], round).join(""));
  expect(rounds).toEqual(["abc", "cba", "abc"]);
});
