import { expect, it } from "vitest";
import { connected, connecting, historyOf, waiting } from "../testing/history.ts";
import { chosenDelays } from "./delays.ts";

const growth = { initial: 1_000, factor: 2, max: 8_000 };
const history = historyOf(
  [0, connected],
  [10, waiting(1, 700)],
  [20, connecting],
  [30, waiting(2, 1_900)],
  [40, connecting],
  [50, waiting(5, 300)],
);

it("lists the delays, newest first, each with the longest that it could have been", () => {
  const listed = chosenDelays(history, growth, 10);
  expect(listed.map(({ at, attempt, delay, ceiling }) => [at, attempt, delay, ceiling])).toEqual([
    [50, 5, 300, 8_000],
    [30, 2, 1_900, 2_000],
    [10, 1, 700, 1_000],
  ]);
});

it("lists no more than asked for", () => {
  expect(chosenDelays(history, growth, 2).map(({ at }) => at)).toEqual([50, 30]);
});
