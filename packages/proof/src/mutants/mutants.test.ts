import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apply } from "./apply.ts";
import { mutants } from "./mutants.ts";

const core = new URL("../../../core/src/", import.meta.url);

test.each(mutants)("$file: '$breaks' still applies", (mutant) => {
  const code = readFileSync(new URL(mutant.file, core), "utf8");
  expect(apply(code, mutant)).not.toBe(code);
});

test("no two mutants are the same", () => {
  const keys = mutants.map(({ file, find, replace }) => `${file}\n${find}\n${replace}`);
  expect(new Set(keys).size).toBe(mutants.length);
  expect(mutants.length).toBeGreaterThanOrEqual(30);
});

test("a mutant that finds nothing, or more than one place, is refused", () => {
  const mutant = { file: "x.ts", breaks: "order", find: "a", replace: "b" };
  expect(() => apply("c", mutant)).toThrow("x.ts has 0 places for the mutant 'order', not one: a");
  expect(() => apply("aa", mutant)).toThrow("2 places");
  expect(apply("a$&", { ...mutant, replace: "$&" })).toBe("$&$&");
});
