import { expect, test } from "vitest";
import { fixedDelay } from "./fixed-delay.ts";
import { seededRandom } from "./random.ts";
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

test("every retry waits the same", () => {
  const strategy = fixedDelay(500);
  for (const attempt of [1, 2, 1e9]) expect(strategy.nextDelay({ ...context, attempt })).toBe(500);
  expect(strategy.name).toBe("fixed-delay");
  expect(fixedDelay(0).nextDelay(context)).toBe(0);
});

test("a delay longer than any preset's cap is kept", () => {
  expect(fixedDelay(86_400_000).nextDelay({ ...context, attempt: 5_000 })).toBe(86_400_000);
});

test("jitter takes away a fraction by chance", () => {
  expect(fixedDelay(500, { jitter: 0.2 }).nextDelay(context)).toBe(475);
  const strategy = fixedDelay(1_000, { jitter: 0.5 });
  const delays = Array.from({ length: 1_000 }, (_, seed) =>
    strategy.nextDelay({ ...context, attempt: 99, random: seededRandom(seed) }),
  ) as number[];
  expect(Math.min(...delays)).toBeGreaterThan(500);
  expect(Math.max(...delays)).toBeLessThanOrEqual(1_000);
  expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(0.95 * 500);
});

test("maxAttempts limits the retries and name names the strategy", () => {
  const strategy = fixedDelay(500, { maxAttempts: 2, name: "steady" });
  const delays = [1, 2, 3].map((attempt) => strategy.nextDelay({ ...context, attempt }));
  expect(delays).toEqual([500, 500, null]);
  expect(strategy.name).toBe("steady");
});

test("an option that is undefined is its default", () => {
  const strategy = fixedDelay(500, { jitter: undefined, maxAttempts: undefined, name: undefined });
  expect(strategy.nextDelay({ ...context, attempt: 99 })).toBe(500);
  expect(strategy.name).toBe("fixed-delay");
});

test("all faults come in one error", () => {
  expect(() => fixedDelay(-1, { jitter: 2, maxAttempts: -3 })).toThrow(
    expect.objectContaining({
      faults: [
        "delay must be from 0 to 1.7976931348623157e+308, got -1",
        expect.stringMatching(/^jitter.* must be from 0 to 1, got 2$/),
        "maxAttempts must be an integer from 0 to Infinity, got -3",
      ],
    }),
  );
  for (const delay of [NaN, Infinity, "5" as unknown as number]) {
    expect(() => fixedDelay(delay)).toThrow(`got ${delay}`);
  }
});
