import { describe, expect, expectTypeOf, test } from "vitest";
import { exponentialBackoff } from "./exponential-backoff.ts";
import { fixedDelay } from "./fixed-delay.ts";
import { limitAttempts } from "./limit-attempts.ts";
import { limitElapsed } from "./limit-elapsed.ts";
import { onlyWhen } from "./only-when.ts";
import { seededRandom } from "./random.ts";
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

test("a retry is made only when the predicate says so", () => {
  const strategy = onlyWhen(fixedDelay(5), ({ uptime }) => uptime > 100);
  expect(strategy.nextDelay(context)).toBeNull();
  expect(strategy.nextDelay({ ...context, uptime: 101 })).toBe(5);
  expect(strategy.name).toBe("fixed-delay");
});

test("something else than a predicate is refused at once", () => {
  expect(() => onlyWhen(fixedDelay(5), true as unknown as () => boolean)).toThrow(
    "when must be a function",
  );
});

test("the predicate's type of cause becomes the strategy's", () => {
  const typed = onlyWhen(
    fixedDelay(5),
    ({ cause }: RetryContext<RangeError>) => cause.message === "",
  );
  expectTypeOf(typed).toEqualTypeOf<RetryStrategy<RangeError>>();
  expectTypeOf(limitAttempts(typed, 1)).toEqualTypeOf<RetryStrategy<RangeError>>();
  expectTypeOf(limitElapsed(typed, 1)).toEqualTypeOf<RetryStrategy<RangeError>>();
  // @ts-expect-error -- a predicate answers with a boolean
  onlyWhen(fixedDelay(5), () => "yes");
  // @ts-expect-error -- a strategy that wants a RangeError cannot serve every cause
  const wide: RetryStrategy<{ code: number }> = typed;
  expect(wide.name).toBe("fixed-delay");
});

describe("the combinators compose in any order", () => {
  type Wrap = (strategy: RetryStrategy) => RetryStrategy;
  const attempts: Wrap = (strategy) => limitAttempts(strategy, 3);
  const elapsed: Wrap = (strategy) => limitElapsed(strategy, 2_000);
  const when: Wrap = (strategy) => onlyWhen(strategy, ({ uptime }) => uptime < 10);
  const orders = [
    [attempts, elapsed, when],
    [attempts, when, elapsed],
    [elapsed, attempts, when],
    [elapsed, when, attempts],
    [when, attempts, elapsed],
    [when, elapsed, attempts],
  ];

  const outcomes = orders.map((order) => {
    const extras = { onError: () => "told", priority: 7 };
    const strategy = order.reduce((inner, outer) => outer(inner), {
      ...exponentialBackoff({ name: "inner" }),
      ...extras,
    } as RetryStrategy) as RetryStrategy & typeof extras;
    const random = seededRandom(1);
    const delays: (number | null)[] = [];
    for (const attempt of [1, 2, 3, 4]) {
      for (const since of [0, 1_999, 2_000]) {
        for (const uptime of [0, 10]) {
          const given = { ...context, attempt, elapsed: since, uptime, random };
          delays.push(strategy.nextDelay(given));
        }
      }
    }
    return { delays, name: strategy.name, told: strategy.onError(), priority: strategy.priority };
  });

  test("with the same outcome", () => {
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(outcomes[0]).toMatchObject({ name: "inner", told: "told", priority: 7 });
  });

  test("each limiting", () => {
    const given = outcomes[0]!.delays;
    expect(given).toHaveLength(24);
    expect(given.map((delay) => delay !== null)).toEqual(
      Array.from({ length: 24 }, (_, at) => at < 18 && at % 6 < 4 && at % 2 === 0),
    );
  });
});
