import { describe, expect, expectTypeOf, test } from "vitest";
import { ConfigurationError } from "./errors.ts";
import {
  anything,
  callable,
  checked,
  choice,
  complete,
  duration,
  either,
  flag,
  label,
  rule,
  size,
} from "./rules.ts";

describe("a rule", () => {
  test.each([
    ["duration", duration(1), [0, 0.5, 1e9], [-1, NaN, Infinity, "1", null]],
    ["size", size(1), [1, 2.5, Infinity], [0, 0.5, -1, NaN, -Infinity, "1", null]],
    ["flag", flag(true), [true, false], ["true", 0, null]],
    ["label", label("a"), ["b", " "], ["", 0, null]],
    ["callable", callable(undefined), [() => {}, Date], ["f", {}, null]],
    ["choice", choice("a", "b"), ["a", "b"], ["c", 0, null]],
    ["either", either<unknown>(flag(true), callable(null)), [true, false, Date], ["true", 0, null]],
    ["anything", anything(1), [null, "x"], []],
    ["rule", rule(2, "an even number", (n) => Number(n) % 2 === 0), [4], [5]],
  ])("%s knows what fits", (_, { fits }, good, bad) => {
    expect(good.filter((value) => !fits(value))).toEqual([]);
    expect(bad.filter((value) => fits(value))).toEqual([]);
  });

  test("of words takes the first for the default", () => {
    expect(choice("a", "b")).toMatchObject({ fallback: "a", wanted: "'a' or 'b'" });
  });
});

test("either of two rules has the first's default, and names both", () => {
  const secret = rule("", "", () => "is too short");
  const both = either(
    rule("a", "a text", (value) => typeof value === "string"),
    flag(true),
  );
  expect(both).toMatchObject({ fallback: "a", wanted: "a text or true or false" });
  expect(either(flag(true), secret).fits("s")).toBe(false);
  expect(either(secret, flag(true)).fits("s")).toBe(false);
});

describe("complete", () => {
  const rules = { wait: duration(5), loud: flag(false) };

  test("fills in what was not given", () => {
    const faults: string[] = [];
    expect(complete(rules, { wait: 7, loud: undefined }, faults)).toEqual({ wait: 7, loud: false });
    expect(faults).toEqual([]);
  });

  test("notes every fault, under the owner's name", () => {
    const faults: string[] = [];
    complete(rules, { wait: "7", loud: () => {}, lod: 1 } as object, faults, "horn");
    expect(faults).toEqual([
      "horn.wait: a number of milliseconds, 0 or more, is needed, not '7'",
      "horn.loud: true or false is needed, not a function",
      "horn.lod: there is no such option",
    ]);
  });

  test("lets a rule find words of its own, in place of the value", () => {
    const faults: string[] = [];
    const secret = rule("", "", (value) => `one that is longer than ${String(value).length}`);
    complete({ secret }, { secret: "s3cret" }, faults, "safe");
    expect(faults).toEqual(["safe.secret: one that is longer than 6"]);
  });

  test("knows no options by what objects inherit", () => {
    const faults: string[] = [];
    complete(rules, JSON.parse('{"__proto__":1,"constructor":2}') as object, faults);
    expect(faults).toEqual([
      "__proto__: there is no such option",
      "constructor: there is no such option",
    ]);
  });

  test.each([
    ["a long text", "x".repeat(1_000), `'${"x".repeat(50)}'`],
    ["a long number", 10n ** 100n, `1${"0".repeat(49)}`],
    ["a symbol", Symbol("s"), "Symbol(s)"],
    ["an object without a prototype", Object.create(null), "an object"],
    ["an object that has no text", { toString: null }, "an object"],
  ])("shows %s shortly", (_, wait: unknown, shown) => {
    const faults: string[] = [];
    complete(rules, { wait }, faults);
    expect(faults).toEqual([`wait: a number of milliseconds, 0 or more, is needed, not ${shown}`]);
  });

  test.each([undefined, null, 5, "text"])("takes an object and not %o", (given) => {
    const faults: string[] = [];
    expect(complete(rules, given as unknown as object, faults)).toEqual({ wait: 5, loud: false });
    complete(rules, given as unknown as object, faults, "horn");
    const shown = typeof given === "string" ? "'text'" : String(given);
    expect(faults).toEqual([
      `options: an object is needed, not ${shown}`,
      `horn: an object is needed, not ${shown}`,
    ]);
  });
});

test("checked throws all faults at once", () => {
  const rules = { a: flag(true), b: flag(true) };
  expect(checked(rules, { a: false })).toEqual({ a: false, b: true });
  expect(() => checked(rules, { a: 1, b: {} })).toThrow(
    new ConfigurationError([
      "a: true or false is needed, not 1",
      "b: true or false is needed, not an object",
    ]),
  );
});

test("checked lists what else was found wrong, first", () => {
  const rules = { a: flag(true) };
  expect(() => checked(rules, { a: 1 }, "horn", ["horn.b: it is bent"])).toThrow(
    new ConfigurationError(["horn.b: it is bent", "horn.a: true or false is needed, not 1"]),
  );
  expect(() => checked(rules, {}, "horn", ["bent"])).toThrow(new ConfigurationError(["bent"]));
});

test("what is checked has the types of the rules", () => {
  const rules = {
    wait: duration(5),
    rest: duration(undefined),
    mood: choice("calm", "cross"),
    tell: callable((text: string) => text.length),
    sound: either<boolean | (() => void)>(flag(false), callable(undefined)),
  };
  const given: { readonly wait?: number | undefined } = { wait: 7 };
  expectTypeOf(checked(rules, given)).toEqualTypeOf<{
    wait: number;
    rest: number | undefined;
    mood: "calm" | "cross";
    tell: (text: string) => number;
    sound: boolean | (() => void);
  }>();
});
