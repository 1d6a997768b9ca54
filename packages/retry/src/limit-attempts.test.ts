import { expect, test } from "vitest";
import { fixedDelay } from "./fixed-delay.ts";
import { limitAttempts } from "./limit-attempts.ts";
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

test("so many retries are made, the first dial not counted", () => {
  const limited = limitAttempts(fixedDelay(5), 2);
  const delays = [1, 2, 3, 1e9].map((attempt) => limited.nextDelay({ ...context, attempt }));
  expect(delays).toEqual([5, 5, null, null]);
  expect(limited.name).toBe("fixed-delay");
});

test("it limits exactly as maxAttempts does", () => {
  for (const attempts of [0, 1, 5, Infinity]) {
    const limited = limitAttempts(fixedDelay(5), attempts);
    const limiting = fixedDelay(5, { maxAttempts: attempts });
    for (let attempt = 1; attempt < 8; attempt++) {
      const given = { ...context, attempt };
      expect(limited.nextDelay(given)).toBe(limiting.nextDelay(given));
    }
  }
});

test.each([-1, 1.5, NaN, "3"])("%s attempts are refused", (attempts) => {
  expect(() => limitAttempts(fixedDelay(5), attempts as number)).toThrow(
    `attempts must be an integer from 0 to Infinity, got ${attempts}`,
  );
});
