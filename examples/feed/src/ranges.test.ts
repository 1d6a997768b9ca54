import { seededRandom } from "@stream-tungstenite/retry";
import { expect, test } from "vitest";
import { RangeSet, spellRanges } from "./ranges.ts";

test("numbers in order make one run", () => {
  expect(RangeSet.of([1, 2, 3, 4]).ranges).toEqual([[1, 4]]);
});

test("a number joins the runs on both of its sides", () => {
  const set = RangeSet.of([1, 2, 4, 5]);
  expect(set.ranges).toEqual([
    [1, 2],
    [4, 5],
  ]);
  set.add(3);
  expect(set.ranges).toEqual([[1, 5]]);
});

test("adding tells whether the number is new", () => {
  const set = new RangeSet();
  expect(set.add(7)).toBe(true);
  expect(set.add(7)).toBe(false);
  expect(RangeSet.of([5, 6, 7]).add(6)).toBe(false);
});

test("in whatever order numbers arrive, the set holds exactly those", () => {
  const random = seededRandom(1);
  const numbers = new Set(Array.from({ length: 200 }, () => 1 + Math.floor(random() * 300)));
  const set = RangeSet.of(numbers);
  for (let number = 0; number <= 302; number++) expect(set.has(number)).toBe(numbers.has(number));
  for (const [index, [first, last]] of set.ranges.entries()) {
    expect(first).toBeLessThanOrEqual(last);
    expect(first).toBeGreaterThan((set.ranges[index - 1]?.[1] ?? -1) + 1);
  }
});

test("runs are spelt with a dash, single numbers without", () => {
  expect(spellRanges([41, 42, 43, 45])).toBe("41–43, 45");
  expect(spellRanges([])).toBe("");
});
