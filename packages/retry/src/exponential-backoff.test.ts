import { describe, expect, expectTypeOf, test } from "vitest";
import { exponentialBackoff, type ExponentialBackoffOptions } from "./exponential-backoff.ts";
import { conservative, fast, standard } from "./presets.ts";
import { seededRandom } from "./random.ts";
import type { RetryOptionsError } from "./rules.ts";
import type { RetryContext, RetryStrategy } from "./strategy.ts";

const context: RetryContext = {
  attempt: 1,
  previousDelay: null,
  elapsed: 0,
  uptime: 0,
  retryAfter: null,
  cause: new Error("lost"),
  random: () => 0.25,
};

const delayOf = (options: ExponentialBackoffOptions, given: Partial<RetryContext> = {}) =>
  exponentialBackoff(options).nextDelay({ ...context, ...given });

/** The delay of each of 1,000 seeds, as many attempts into an outage. */
function delaysOfSeeds(options: ExponentialBackoffOptions, attempts: number): number[] {
  const strategy = exponentialBackoff(options);
  return Array.from({ length: 1_000 }, (_, seed) => {
    const random = seededRandom(seed);
    let previousDelay: number | null = null;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      previousDelay = strategy.nextDelay({ ...context, attempt, previousDelay, random });
    }
    return previousDelay!;
  });
}

/** How many of the delays fall into each twentieth of the range. */
function twentieths(delays: readonly number[], from: number, to: number): number[] {
  const bins = Array.from({ length: 20 }, () => 0);
  for (const delay of delays) {
    bins[Math.min(19, Math.floor(((delay - from) / (to - from)) * 20))]! += 1;
  }
  return bins;
}

const coverage = (delays: readonly number[]) => Math.max(...delays) - Math.min(...delays);

function faultsOf(options: unknown): readonly string[] {
  try {
    exponentialBackoff(options as ExponentialBackoffOptions);
  } catch (error) {
    return (error as RetryOptionsError).faults;
  }
  return [];
}

describe("the formulas", () => {
  test("without jitter the delay grows by the factor up to the cap", () => {
    const options = { initial: 100, max: 1_000, factor: 3, jitter: "none" } as const;
    expect([1, 2, 3, 4].map((attempt) => delayOf(options, { attempt }))).toEqual([
      100, 300, 900, 1_000,
    ]);
  });

  test("the defaults are 1 s, 60 s, factor 2 and full jitter", () => {
    expect([1, 2, 6, 7].map((attempt) => delayOf({}, { attempt }))).toEqual([
      250, 500, 8_000, 15_000,
    ]);
    expect(exponentialBackoff().nextDelay(context)).toBe(250);
    expect(exponentialBackoff().name).toBe("exponential-backoff");
  });

  test("an option that is undefined is its default", () => {
    const nothing = { initial: undefined, max: undefined, factor: undefined, jitter: undefined };
    const options = { ...nothing, maxAttempts: undefined, name: undefined };
    expect(delayOf(options, { attempt: 7 })).toBe(15_000);
    expect(exponentialBackoff(options).name).toBe("exponential-backoff");
  });

  test.each([
    ["full", 0, 0],
    ["full", 0.25, 200],
    ["equal", 0, 400],
    ["equal", 0.25, 500],
    ["none", 0.25, 800],
    [0, 0.25, 800],
    [0.5, 0, 800],
    [0.5, 0.25, 700],
    [1, 0.25, 600],
  ] as const)("jitter %s at chance %d makes %d of a base of 800", (jitter, chance, delay) => {
    expect(delayOf({ initial: 800, jitter }, { random: () => chance })).toBe(delay);
  });

  test("delays are not rounded", () => {
    expect(delayOf({ initial: 1, max: 1 })).toBe(0.25);
  });

  test("without jitter chance is not asked", () => {
    const random = () => expect.fail("asked");
    expect(delayOf({ jitter: "none" }, { random })).toBe(1_000);
  });

  test("decorrelated jitter starts at the initial delay and then depends on the delay before", () => {
    const options = { initial: 100, max: 1_000, jitter: "decorrelated" } as const;
    expect(delayOf(options)).toBe(100);
    expect(delayOf(options, { attempt: 2, previousDelay: 100 })).toBe(150);
    expect(delayOf(options, { attempt: 2, previousDelay: 500 })).toBe(450);
    expect(delayOf(options, { attempt: 2, previousDelay: 4_000 })).toBe(1_000);
  });

  test("decorrelated jitter never goes below the initial delay", () => {
    const options = { initial: 100, jitter: "decorrelated" } as const;
    for (const previousDelay of [0, 1, 33]) {
      expect(delayOf(options, { attempt: 2, previousDelay })).toBe(100);
    }
  });
});

describe("the number of retries", () => {
  test("is unlimited by default", () => {
    expect(delayOf({}, { attempt: 1e9 })).toBe(15_000);
  });

  test("does not count the first dial", () => {
    const delays = [1, 2, 3].map((attempt) => delayOf({ maxAttempts: 2 }, { attempt }));
    expect(delays).toEqual([250, 500, null]);
    expect(delayOf({ maxAttempts: 0 })).toBeNull();
  });
});

describe("delays never overflow", () => {
  const attempts = [1, 2, 63, 64, 65, 1_024, 1_025, 1e9, Number.MAX_SAFE_INTEGER];
  const jitters = ["full", "equal", "decorrelated", "none", 0, 0.3, 1] as const;
  const shapes = [
    fast,
    standard,
    conservative,
    { initial: 0 },
    { initial: 0, max: 0 },
    { initial: 5, factor: 1 },
    { initial: Number.MIN_VALUE, factor: Number.MAX_VALUE },
    { initial: Number.MAX_VALUE, max: Number.MAX_VALUE, factor: Number.MAX_VALUE },
  ];
  test.each(jitters)("with jitter %s", (jitter) => {
    for (const shape of shapes) {
      const options = { ...shape, jitter };
      const max = options.max ?? 60_000;
      for (const attempt of attempts) {
        for (const previousDelay of [null, 0, max, Number.MAX_VALUE]) {
          for (const chance of [0, 0.5, 1 - Number.EPSILON]) {
            const given = { attempt, previousDelay, random: () => chance };
            const delay = delayOf(options, given);
            expect(delay).toBeGreaterThanOrEqual(0);
            expect(delay).toBeLessThanOrEqual(max);
          }
        }
      }
    }
  });

  test("the cap is reached and kept", () => {
    for (const attempt of attempts.slice(2)) {
      expect(delayOf({ jitter: "none" }, { attempt })).toBe(60_000);
    }
    expect(delayOf({ initial: 0, jitter: "none" }, { attempt: 1e9 })).toBe(0);
    expect(delayOf({ factor: 1, jitter: "none" }, { attempt: 1e9 })).toBe(1_000);
  });
});

describe("the spread at the cap", () => {
  const presets = [
    ["fast", fast],
    ["standard", standard],
    ["conservative", conservative],
  ] as const;

  test.each(presets)("full jitter keeps all of it (%s)", (_, preset) => {
    const max = preset.max!;
    for (const attempts of [20, 70]) {
      const delays = delaysOfSeeds(preset, attempts);
      expect(Math.max(...twentieths(delays, 0, max))).toBeLessThanOrEqual(80);
      expect(coverage(delays)).toBeGreaterThanOrEqual(0.95 * max);
    }
  });

  test.each(presets)("equal jitter keeps the upper half (%s)", (_, preset) => {
    const max = preset.max!;
    const delays = delaysOfSeeds({ ...preset, jitter: "equal" }, 20);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(max / 2);
    expect(Math.max(...twentieths(delays, max / 2, max))).toBeLessThanOrEqual(80);
    expect(coverage(delays)).toBeGreaterThanOrEqual(0.95 * (max / 2));
  });

  test.each(presets)("a fraction keeps that part (%s)", (_, preset) => {
    const max = preset.max!;
    const delays = delaysOfSeeds({ ...preset, jitter: 0.2 }, 20);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0.8 * max);
    expect(Math.max(...twentieths(delays, 0.8 * max, max))).toBeLessThanOrEqual(80);
    expect(coverage(delays)).toBeGreaterThanOrEqual(0.95 * 0.2 * max);
  });

  test.each(presets)("decorrelated jitter keeps two thirds off the cap (%s)", (_, preset) => {
    const { initial, max } = preset as { initial: number; max: number };
    const delays = delaysOfSeeds({ ...preset, jitter: "decorrelated" }, 70);
    const below = delays.filter((delay) => delay < max);
    expect(below.length).toBeGreaterThanOrEqual(600);
    expect(Math.max(...twentieths(below, initial, max))).toBeLessThanOrEqual(130);
    expect(coverage(below)).toBeGreaterThanOrEqual(0.95 * (max - initial));
  });
});

describe("impossible options", () => {
  test("all faults come in one error, each with option and value", () => {
    const options = { initial: -1, max: NaN, factor: 0.5, jitter: 1.5, maxAttempts: 2.5 };
    const faults = faultsOf(options);
    expect(faults).toHaveLength(5);
    for (const [index, [option, value]] of Object.entries(options).entries()) {
      expect(faults[index]).toMatch(new RegExp(`^${option}.* must be .*, got ${value}$`));
    }
    expect(() => exponentialBackoff(options)).toThrow(faults.join("\n"));
  });

  test.each([
    [{ initial: -1 }, "initial must be from 0 to 60000, got -1"],
    [{ initial: NaN }, "initial must be from 0 to 60000, got NaN"],
    [{ initial: "1" }, "initial must be from 0 to 60000, got 1"],
    [{ initial: 60_001 }, "initial must be from 0 to 60000, got 60001"],
    [{ max: 999 }, "initial must be from 0 to 999, got 1000"],
    [{ max: -1 }, "max must be from 0 to 1.7976931348623157e+308, got -1"],
    [{ max: Infinity }, "max must be from 0 to 1.7976931348623157e+308, got Infinity"],
    [{ max: Symbol("m") }, "max must be from 0 to 1.7976931348623157e+308, got Symbol(m)"],
    [{ max: Object.create(null) }, "max must be from 0 to 1.7976931348623157e+308, got object"],
    [{ max: "5" }, "max must be from 0 to 1.7976931348623157e+308, got 5"],
    [
      { jitter: Symbol("j") },
      "jitter, unless full,equal,decorrelated,none, must be from 0 to 1, got Symbol(j)",
    ],
    [{ factor: 0.99 }, "factor must be from 1 to 1.7976931348623157e+308, got 0.99"],
    [{ factor: Infinity }, "factor must be from 1 to 1.7976931348623157e+308, got Infinity"],
    [{ factor: null }, "factor must be from 1 to 1.7976931348623157e+308, got null"],
    [
      { jitter: "ful" },
      "jitter, unless full,equal,decorrelated,none, must be from 0 to 1, got ful",
    ],
    [
      { jitter: -0.1 },
      "jitter, unless full,equal,decorrelated,none, must be from 0 to 1, got -0.1",
    ],
    [{ jitter: NaN }, "jitter, unless full,equal,decorrelated,none, must be from 0 to 1, got NaN"],
    [{ maxAttempts: -1 }, "maxAttempts must be an integer from 0 to Infinity, got -1"],
    [{ maxAttempts: NaN }, "maxAttempts must be an integer from 0 to Infinity, got NaN"],
  ])("%o", (options, fault) => {
    expect(faultsOf(options)).toEqual([fault]);
  });

  test("limits may be met exactly", () => {
    expect(faultsOf({ initial: 5, max: 5, factor: 1, jitter: 1, maxAttempts: 0 })).toEqual([]);
    expect(faultsOf({ initial: 0, max: 0, jitter: 0, maxAttempts: Infinity })).toEqual([]);
  });
});

test("the types know the jitters and the strategy", () => {
  expectTypeOf(exponentialBackoff).returns.toEqualTypeOf<RetryStrategy>();
  // @ts-expect-error -- no such jitter
  expect(faultsOf({ jitter: "half" } satisfies ExponentialBackoffOptions)).toHaveLength(1);
  expect(exponentialBackoff({ name: "feed" }).name).toBe("feed");
});
