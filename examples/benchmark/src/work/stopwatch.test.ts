import { expect, test, vi } from "vitest";
import { PageStopwatch } from "./page-stopwatch.ts";
import { Stopwatch } from "./stopwatch.ts";

const clock = vi.hoisted(() => ({ at: 0 }));
vi.mock("../clock.ts", () => ({ now: () => clock.at }));

for (const Watch of [Stopwatch, PageStopwatch]) {
  /** The rate that laps of that many milliseconds and 10 messages each give. */
  const rateOf = (laps: readonly number[]): number => {
    const watch = new Watch();
    for (const duration of laps) {
      clock.at += duration;
      watch.lap(10);
    }
    return watch.end(10 * laps.length)["rate"]!;
  };

  test(`A lap in which the machine falters does not move the figure of a ${Watch.name}`, () => {
    expect(rateOf([10, 10, 500, 10, 10])).toBeCloseTo(1_000);
  });

  test(`Few laps have no middle: a ${Watch.name} gives the whole span`, () => {
    expect(rateOf([10, 30])).toBeCloseTo(500);
  });
}
