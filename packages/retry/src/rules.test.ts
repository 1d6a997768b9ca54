import { describe, expect, test } from "vitest";
import { check, number, retries } from "./rules.ts";

describe("check", () => {
  test("passes when nothing is wrong", () => {
    expect(() => check()).not.toThrow();
    expect(() => check(true, true)).not.toThrow();
  });

  test("throws one RangeError with all faults, in its message and as a list", () => {
    let error: unknown;
    try {
      check("a is wrong", true, "b is wrong");
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({
      message: "a is wrong\nb is wrong",
      faults: ["a is wrong", "b is wrong"],
    });
  });
});

describe("number", () => {
  test.each([0, 0.5, 1])("passes %d from 0 to 1", (value) => {
    expect(number("x", value, 0, 1)).toBe(true);
  });

  test.each([-0.001, 1.001, NaN, Infinity, "0.5", null, undefined, true, 1n])(
    "names option, range and value of %s",
    (value) => {
      expect(number("x", value, 0, 1)).toBe(`x must be from 0 to 1, got ${String(value)}`);
    },
  );

  test.each([
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["an object without a prototype", Object.create(null), "object"],
    ["an object that has no text", { toString: null }, "object"],
    ["a list", [0.5], "object"],
    ["a function", () => 0.5, "function"],
    ["a long text", "x".repeat(1_000), "x".repeat(50)],
    ["a long number", 10n ** 100n, `1${"0".repeat(49)}`],
  ])("shows %s shortly", (_, value: unknown, shown) => {
    expect(number("x", value, 0, 1)).toBe(`x must be from 0 to 1, got ${shown}`);
  });

  test("passes any finite number >= 0 unless told otherwise", () => {
    expect(number("x", Number.MAX_VALUE)).toBe(true);
    expect(number("x", Infinity)).toMatch("got Infinity");
  });

  test("has a lower bound", () => {
    expect(number("x", 1, 1, 5)).toBe(true);
    expect(number("x", 0.999, 1, 5)).toBe("x must be from 1 to 5, got 0.999");
  });
});

describe("retries", () => {
  test.each([0, 1, Number.MAX_SAFE_INTEGER, Infinity])("passes %d", (value) => {
    expect(retries("n", value)).toBe(true);
  });

  test.each([-1, 1.5, NaN, -Infinity, "3"])("does not pass %s", (value) => {
    expect(retries("n", value)).toBe(`n must be an integer from 0 to Infinity, got ${value}`);
  });
});
