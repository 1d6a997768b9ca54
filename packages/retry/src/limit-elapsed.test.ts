import { expect, test } from "vitest";
import { fixedDelay } from "./fixed-delay.ts";
import { limitElapsed } from "./limit-elapsed.ts";
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

test("an outage is given up once it has lasted so long", () => {
  const limited = limitElapsed(fixedDelay(5), 1_000);
  const delays = [0, 999.9, 1_000, 1e12].map((elapsed) =>
    limited.nextDelay({ ...context, elapsed }),
  );
  expect(delays).toEqual([5, 5, null, null]);
  expect(limited.name).toBe("fixed-delay");
});

test("0 never retries and Infinity sets no limit", () => {
  expect(limitElapsed(fixedDelay(5), 0).nextDelay(context)).toBeNull();
  expect(limitElapsed(fixedDelay(5), Infinity).nextDelay({ ...context, elapsed: 1e15 })).toBe(5);
});

test.each([-1, NaN, "3", undefined])("%s milliseconds are refused", (elapsed) => {
  expect(() => limitElapsed(fixedDelay(5), elapsed as number)).toThrow(
    `elapsed must be from 0 to Infinity, got ${elapsed}`,
  );
});
