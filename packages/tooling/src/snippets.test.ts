import { expect, test } from "vitest";
import { snippetsOf } from "./snippets.ts";

const page = (...lines: string[]): string => lines.join("\n");

test("a TypeScript block keeps its lines, and everything else is left out", () => {
  const { modules } = snippetsOf(
    page("# Title", "```ts", "const a = 1;", "```", "text", "```sh", "npm i", "```"),
  );
  expect(modules).toEqual(["\n\nconst a = 1;\nexport {};\n"]);
});

test("each block is a module of its own", () => {
  const { modules } = snippetsOf(
    page("```ts", "const a = 1;", "```", "```ts", "const a = 2;", "```"),
  );
  expect(modules).toEqual(["\nconst a = 1;\nexport {};\n", "\n\n\n\nconst a = 2;\nexport {};\n"]);
});

test("a block may continue the one before it", () => {
  const { modules } = snippetsOf(
    page("```ts", "const a = 1;", "```", "```ts continued", "a;", "```"),
  );
  expect(modules).toEqual(["\nconst a = 1;\n\n\na;\nexport {};\n"]);
});

test("a block that continues nothing is a fault", () => {
  expect(snippetsOf(page("```ts continued", "a;", "```")).faults).toEqual([
    "line 1: a block continues nothing",
  ]);
});

test("a block opts out with a reason", () => {
  expect(snippetsOf(page("```ts no-check: only a shape", "???", "```"))).toEqual({
    modules: [],
    faults: [],
  });
});

test("a block that opts out without a reason is a fault", () => {
  expect(snippetsOf(page("", "```ts no-check", "???", "```")).faults).toEqual([
    "line 2: a block opts out of the check without a reason",
  ]);
});
