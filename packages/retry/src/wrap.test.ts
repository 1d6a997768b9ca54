import { describe, expect, test } from "vitest";
import type { RetryContext, RetryStrategy } from "./strategy.ts";
import { wrap } from "./wrap.ts";

const context: RetryContext = {
  attempt: 1,
  previousDelay: null,
  elapsed: 0,
  uptime: 0,
  retryAfter: null,
  cause: new Error("lost"),
  random: () => 0.25,
};

const mark: unique symbol = Symbol("mark");

class Counting implements RetryStrategy {
  readonly name = "counting";
  #asked = 0;
  mood = "calm";
  readonly [mark] = "marked";
  get asked(): number {
    return this.#asked;
  }
  nextDelay(): number {
    return ++this.#asked;
  }
  setup(): () => void {
    return () => {
      this.#asked = 0;
    };
  }
}

class Louder extends Counting {
  onError(): string {
    return `${this.name} after ${this.asked}`;
  }
}

describe("wrap", () => {
  test("gives up where told and asks the strategy otherwise", () => {
    const strategy = new Counting();
    const wrapped = wrap(strategy, true, ({ attempt }) => attempt < 2);
    expect(wrapped.nextDelay(context)).toBe(1);
    expect(wrapped.nextDelay({ ...context, attempt: 2 })).toBeNull();
    expect(strategy.asked).toBe(1);
  });

  test("hands the very context on", () => {
    const seen: RetryContext[] = [];
    const strategy = { name: "spy", nextDelay: (given: RetryContext) => seen.push(given) };
    wrap(strategy, true, (given) => seen.push(given) > 0).nextDelay(context);
    expect(seen).toEqual([context, context]);
    expect(seen[0]).toBe(context);
    expect(seen[1]).toBe(context);
  });

  test("passes every other member on, inherited ones and symbols included", () => {
    const strategy = new Louder();
    const wrapped = wrap(strategy, true, () => true) as Louder;
    expect(wrapped.name).toBe("counting");
    expect(wrapped[mark]).toBe("marked");
    expect("setup" in wrapped && "onError" in wrapped && "name" in wrapped).toBe(true);
    expect("connect" in wrapped).toBe(false);
    expect((wrapped as unknown as { connect?: unknown }).connect).toBeUndefined();
    expect(wrapped).toBeInstanceOf(Louder);
  });

  test("runs getters and methods on the original, private fields included", () => {
    const strategy = new Louder();
    const wrapped = wrap(strategy, true, () => true) as Louder;
    wrapped.nextDelay();
    wrapped.nextDelay();
    expect(wrapped.asked).toBe(2);
    // oxlint-disable-next-line typescript/unbound-method -- that they are bound is what is tested
    const { onError, setup } = wrapped;
    expect(onError()).toBe("counting after 2");
    setup()();
    expect(strategy.asked).toBe(0);
  });

  test("shows what the original holds now", () => {
    const strategy = new Counting();
    const wrapped = wrap(strategy, true, () => true) as Counting;
    strategy.mood = "cross";
    expect(wrapped.mood).toBe("cross");
  });

  test("wraps a frozen strategy", () => {
    const strategy = Object.freeze({ name: "cold", nextDelay: () => 5, onError: () => "brr" });
    const wrapped = wrap<unknown>(strategy, true, () => false) as typeof strategy;
    expect(wrapped.nextDelay()).toBeNull();
    expect(wrapped.onError()).toBe("brr");
  });

  test("a strategy spread to rename it still gives up", () => {
    const strategy = { name: "plain", nextDelay: () => 5, onError: () => "oh" };
    const renamed = { ...wrap<unknown>(strategy, true, () => false), name: "renamed" };
    expect(renamed.nextDelay(context)).toBeNull();
    expect(renamed).toHaveProperty("onError");
  });

  test.each([NaN, -5, Infinity])(
    "passes the impossible delay %d on for the caller to judge",
    (delay) => {
      const strategy = { name: "odd", nextDelay: () => delay };
      expect(wrap<unknown>(strategy, true, () => true).nextDelay(context)).toBe(delay);
    },
  );

  test("refuses at once what is no strategy", () => {
    for (const strategy of [undefined, null, {}, { name: "idle" }]) {
      expect(() => wrap(strategy as RetryStrategy, true, () => true)).toThrow(
        "strategy must have nextDelay()",
      );
    }
    expect(() => wrap({} as RetryStrategy, "attempts is wrong", () => true)).toThrow(
      expect.objectContaining({ faults: [expect.any(String), "attempts is wrong"] }),
    );
  });

  test("throws what was found wrong", () => {
    expect(() => wrap(new Counting(), "attempts is wrong", () => true)).toThrow(
      expect.objectContaining({ faults: ["attempts is wrong"] }),
    );
  });
});
