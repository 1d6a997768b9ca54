import { expect, expectTypeOf, test } from "vitest";
import { exponentialBackoff, type ExponentialBackoffOptions } from "./exponential-backoff.ts";
import { conservative, fast, standard } from "./presets.ts";

test("the presets are plain options", () => {
  expect(fast).toEqual({ initial: 100, max: 5_000, factor: 1.5 });
  expect(standard).toEqual({ initial: 1_000, max: 60_000, factor: 2 });
  expect(conservative).toEqual({ initial: 2_000, max: 120_000, factor: 2 });
  expectTypeOf(fast).toEqualTypeOf<ExponentialBackoffOptions>();
});

test("the presets cannot be changed for everybody", () => {
  for (const preset of [fast, standard, conservative]) expect(Object.isFrozen(preset)).toBe(true);
});

test("a preset is spread to change a part of it", () => {
  const strategy = exponentialBackoff({ ...fast, jitter: "none", max: 200 });
  const delays = [1, 2, 3].map((attempt) =>
    strategy.nextDelay({
      attempt,
      previousDelay: null,
      elapsed: 0,
      uptime: 0,
      retryAfter: null,
      cause: undefined,
      random: () => 0,
    }),
  );
  expect(delays[0]).toBe(100);
  expect(delays[1]).toBeCloseTo(150);
  expect(delays[2]).toBe(200);
});
