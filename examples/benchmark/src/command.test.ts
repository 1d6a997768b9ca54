import { expect, test } from "vitest";
import { parseCommand, usage } from "./command.ts";
import { UsageError } from "./usage-error.ts";

test("Without options everything is measured, here", () => {
  expect(parseCommand([])).toEqual({
    check: false,
    only: [],
    node: undefined,
    browser: false,
    output: undefined,
    publish: false,
    profiles: undefined,
    list: false,
    page: false,
    help: false,
    rounds: undefined,
    scale: undefined,
  });
});

test("Options are read", () => {
  const args = ["--only", "echo", "--only", "idle", "--rounds", "3", "--scale", "0.5", "--check"];
  expect(parseCommand(args)).toMatchObject({
    only: ["echo", "idle"],
    rounds: 3,
    scale: 0.5,
    check: true,
  });
});

test("What makes no sense is refused, by name", () => {
  expect(() => parseCommand(["--rounds", "1.5"])).toThrow(/--rounds/);
  expect(() => parseCommand(["--scale", "fast"])).toThrow(/--scale.*fast/);
  expect(() => parseCommand(["--fast"])).toThrow(/--fast/);
});

test("What is wrong is said in one line, as an error of use", () => {
  for (const args of [["--rouds", "3"], ["--rounds", "0"], ["--only", "--check"], ["echo"]]) {
    expect(() => parseCommand(args), `with ${args.join(" ")}`).toThrow(UsageError);
    expect(() => parseCommand(args), `with ${args.join(" ")}`).toThrow(/^[^\n]+$/);
  }
});

test("The usage names every option", () => {
  for (const option of [
    "check",
    "only",
    "rounds",
    "scale",
    "node",
    "browser",
    "output",
    "publish",
    "profile",
    "page",
  ])
    expect(usage).toContain(`--${option}`);
});
