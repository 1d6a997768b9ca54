import { expect, expectTypeOf, test } from "vitest";
import type { Random, RetryContext, RetryStrategy } from "./index.ts";

test("any object with a name and nextDelay is a strategy", () => {
  const linear = {
    name: "linear",
    nextDelay: ({ attempt, random }: RetryContext) => attempt * 100 * random(),
  };
  expectTypeOf(linear).toExtend<RetryStrategy>();
  expectTypeOf<RetryStrategy["nextDelay"]>().returns.toEqualTypeOf<number | null>();
  // @ts-expect-error -- a delay is a number or null
  const wrong: RetryStrategy = { name: "wrong", nextDelay: () => "soon" };
  expect([linear.name, wrong.name]).toEqual(["linear", "wrong"]);
});

test("a context carries the type of its cause", () => {
  expectTypeOf<RetryContext<Error>["cause"]>().toEqualTypeOf<Error>();
  expectTypeOf<RetryContext["cause"]>().toBeUnknown();
  expectTypeOf<RetryContext["previousDelay"]>().toEqualTypeOf<number | null>();
  expectTypeOf<RetryContext["random"]>().toEqualTypeOf<Random>();
});
