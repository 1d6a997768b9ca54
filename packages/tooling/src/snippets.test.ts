import { expect, test } from "vitest";
import { snippetsOf } from "./snippets.ts";

const page = (...lines: string[]): string => lines.join("\n");

test("TypeScript blocks keep their lines, and everything else is left out", () => {
  const { code, count } = snippetsOf(
    page("# Title", "```ts", "const a = 1;", "```", "text", "```sh", "npm i", "```"),
  );
  expect(code.split("\n").slice(0, 8)).toEqual(["", "", "const a = 1;", "", "", "", "", ""]);
  expect(count).toBe(1);
});

test("blocks share one module", () => {
  const { code } = snippetsOf(page("```ts", "const a = 1;", "```", "```ts", "a;", "```"));
  expect(code).toContain("const a = 1;");
  expect(code).toContain("\na;");
});

test("a block that stands alone has a scope of its own", () => {
  const { code } = snippetsOf(
    page("```ts alone", "const a = 1;", "```", "```ts alone", "const a = 2;", "```"),
  );
  expect(code.replaceAll("\n", " ")).toContain("{ const a = 1; } { const a = 2; }");
});

test("a block opts out with a reason", () => {
  expect(snippetsOf(page("```ts no-check: only a shape", "???", "```"))).toMatchObject({
    count: 0,
    faults: [],
  });
});

test("a block that opts out without a reason is a fault", () => {
  expect(snippetsOf(page("", "```ts no-check", "???", "```")).faults).toEqual([
    "line 2: a block opts out of the check without a reason",
  ]);
});
