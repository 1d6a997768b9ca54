import { expect, test } from "vitest";
import { decimalNumber, flag, parseFlags, toggle, UsageError, wholeNumber } from "./flags.ts";

interface Options {
  readonly name: string;
  readonly size: number;
  readonly loud: boolean;
}
const defaults: Options = { name: "nobody", size: 1, loud: false };
const parse = (...argv: readonly string[]): Options | "help" =>
  parseFlags(argv, defaults, {
    name: flag("NAME", (text) => text),
    size: flag("N", wholeNumber(1, 10)),
    loud: toggle,
  });
const faults = (...argv: readonly string[]): readonly string[] => {
  try {
    parse(...argv);
  } catch (error) {
    if (error instanceof UsageError) return error.faults;
  }
  throw new Error("there was no usage error");
};

test("what is not mentioned keeps its default", () => {
  expect(parse()).toEqual(defaults);
  expect(parse("--size", "3")).toEqual({ ...defaults, size: 3 });
});

test("values stand behind a space or an equals sign", () => {
  expect(parse("--name=x", "--size", "10", "--loud")).toEqual({ name: "x", size: 10, loud: true });
});

test("a leading separator is skipped", () => {
  expect(parse("--", "--loud")).toEqual({ ...defaults, loud: true });
});

test("help wins over everything else", () => {
  expect(parse("--help")).toBe("help");
  expect(parse("--nonsense", "-h")).toBe("help");
});

test("every fault is named, not only the first", () => {
  expect(faults("--nonsense", "-x", "--size=none", "--loud=yes", "stray", "--name")).toEqual([
    "unknown option --nonsense",
    "unknown option -x",
    '--size must be a whole number from 1 to 10, not "none"',
    "--loud takes no value",
    'unexpected argument "stray"',
    "--name needs a value: --name NAME",
  ]);
});

test("the value of an unknown option is not a fault of its own", () => {
  expect(faults("--secs", "3")).toEqual(["unknown option --secs"]);
  expect(faults("--secs=3", "3")).toEqual(["unknown option --secs", 'unexpected argument "3"']);
});

test("names of what every object has are no flags", () => {
  expect(faults("--constructor", "--toString")).toEqual([
    "unknown option --constructor",
    "unknown option --toString",
  ]);
});

test.each(["0", "11", "-1", "1.5", "1e1", " 1", "0x1", "Infinity", "NaN"])(
  "%s is no whole number from 1 to 10",
  (text) => {
    expect(() => wholeNumber(1, 10)(text)).toThrow(`not "${text}"`);
  },
);

test.each(["0", "10.5", "-1", ".5", "1.", "1e1", "NaN"])("%s is no number from 1 to 10", (text) => {
  expect(() => decimalNumber(1, 10)(text)).toThrow(`not "${text}"`);
});

test("the limits themselves are allowed", () => {
  expect([wholeNumber(1, 10)("1"), wholeNumber(1, 10)("10")]).toEqual([1, 10]);
  expect([decimalNumber(1, 10)("1.25"), decimalNumber(1, 10)("10")]).toEqual([1.25, 10]);
});
