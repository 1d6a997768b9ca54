import { expect, test } from "vitest";
import { schedule } from "./schedule.ts";
import type { RetryContext } from "./strategy.ts";

const context: RetryContext = {
  attempt: 1,
  previousDelay: null,
  elapsed: 0,
  uptime: 0,
  retryAfter: null,
  cause: new Error("lost"),
  random: () => 0.25,
};

const delays = (strategy: ReturnType<typeof schedule>) =>
  [1, 2, 3, 4, 1e9].map((attempt) => strategy.nextDelay({ ...context, attempt }));

test("the delays follow each other, then the strategy gives up", () => {
  expect(delays(schedule([0, 100, 250.5]))).toEqual([0, 100, 250.5, null, null]);
  expect(delays(schedule([5], { repeatLast: false }))).toEqual([5, null, null, null, null]);
  expect(schedule([5]).name).toBe("schedule");
});

test("with repeatLast the last delay serves all further retries", () => {
  expect(delays(schedule([1, 2], { repeatLast: true }))).toEqual([1, 2, 2, 2, 2]);
  expect(delays(schedule([1, 0], { repeatLast: true }))).toEqual([1, 0, 0, 0, 0]);
});

test("changing the list afterwards changes nothing", () => {
  const list = [1, 2, 3];
  const strategy = schedule(list, { repeatLast: true });
  list.splice(0, 3, 9, 9, 9);
  expect(delays(strategy)).toEqual([1, 2, 3, 3, 3]);
});

test("an empty list is refused", () => {
  expect(() => schedule([])).toThrow("delays.length must be from 1 to");
});

test("all impossible delays come in one error, by their place", () => {
  // oxlint-disable-next-line no-sparse-arrays -- a hole is what is tested
  expect(() => schedule([1, NaN, -1, Infinity, , "5", 2] as number[])).toThrow(
    expect.objectContaining({
      faults: [
        expect.stringMatching(/^delays\[1\] must be from 0 to .*, got NaN$/),
        expect.stringMatching(/^delays\[2\] .* got -1$/),
        expect.stringMatching(/^delays\[3\] .* got Infinity$/),
        expect.stringMatching(/^delays\[4\] .* got undefined$/),
        expect.stringMatching(/^delays\[5\] .* got 5$/),
      ],
    }),
  );
});

test("what is no list at all is refused", () => {
  expect(() => schedule(5 as unknown as number[])).toThrow(TypeError);
});
