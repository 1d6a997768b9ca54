import { expect, test } from "vitest";
import { Stopwatch } from "./stopwatch.ts";

test("adds up what it ran, the present run included", () => {
  const watch = new Stopwatch();
  expect(watch.read(50)).toBe(0);
  watch.run(true, 100);
  expect(watch.read(130)).toBe(30);
  watch.run(false, 150);
  expect(watch.read(1_000)).toBe(50);
  watch.run(true, 1_000);
  watch.run(true, 1_010);
  expect(watch.read(1_020)).toBe(70);
});

test("stands still twice as well as once", () => {
  const watch = new Stopwatch();
  watch.run(true, 0);
  watch.run(false, 10);
  watch.run(false, 90);
  expect(watch.read(100)).toBe(10);
});

test("loses nothing when the clock is set back", () => {
  const watch = new Stopwatch();
  watch.run(true, 100);
  watch.run(false, 150);
  watch.run(true, 200);
  expect(watch.read(20)).toBe(50);
});

test("starts from nothing after a reset", () => {
  const watch = new Stopwatch();
  watch.run(true, 0);
  watch.reset();
  expect(watch.read(100)).toBe(0);
});
