import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "./workspace.ts";

const refused: Readonly<Record<string, readonly [rule: string, code: string]>> = {
  "a timer": ["no-ambient-time", "setTimeout(() => {}, 1);"],
  "a timer under another name": ["no-ambient-time", "export const later = setTimeout;"],
  "a timer of globalThis": ["no-ambient-time", "globalThis.setTimeout(() => {}, 1);"],
  "an interval": ["no-ambient-time", "setInterval(() => {}, 1);"],
  "an immediate": ["no-ambient-time", "setImmediate(() => {});"],
  "a timer module": [
    "no-ambient-time",
    'import { setTimeout } from "node:timers/promises"; setTimeout(1);',
  ],
  "Date.now": ["no-ambient-time", "export const now = Date.now();"],
  "Date.now of globalThis": ["no-ambient-time", 'export const now = globalThis["Date"].now();'],
  "a Date of now": ["no-ambient-time", "export const now = new Date();"],
  "Date as a function": ["no-ambient-time", "export const now = Date();"],
  "performance.now": ["no-ambient-time", "export const now = performance.now();"],
  "Math.random": ["no-ambient-time", "export const dice = Math.random();"],
  "a default export": ["no-default-export", "export default 1;"],
  "export *": ["no-export-all", 'export * from "./clock.ts";'],
  "export * under a name": ["no-export-all", 'export * as clock from "./clock.ts";'],
  any: ["no-explicit-any", "export const value: any = 1;"],
  "an enum": ["no-enum", "export enum Color { Red }"],
  "a namespace": ["no-namespace", "export namespace Colors { export const red = 1; }"],
  "a parameter property": [
    "parameter-properties",
    "export class A { constructor(readonly b: number) {} }",
  ],
};

const accepted: Readonly<Record<string, readonly [file: string, code: string]>> = {
  "a timer in the clock module": [
    "packages/core/src/clock.ts",
    "setTimeout(() => {}, Date.now());",
  ],
  "a timer in a clock module": [
    "packages/core/src/testing/manual-clock.ts",
    "setTimeout(() => {}, 1);",
  ],
  "chance in the random module": [
    "packages/core/src/random.ts",
    "export const dice = Math.random();",
  ],
  "a timer in an example's clock module": [
    "examples/feed/src/clock.ts",
    "setTimeout(() => {}, 1);",
  ],
  "a Date of a known time": ["packages/core/src/date.ts", "export const day = new Date(0);"],
  "a method of the same name": [
    "packages/core/src/method.ts",
    "export const f = (o: { setTimeout(): void }) => o.setTimeout();",
  ],
};

const directory = mkdtempSync(join(tmpdir(), "st-lint-"));
afterAll(() => rmSync(directory, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
}

/** Lints all snippets at once; the rules that each file breaks. */
function lint(): ReadonlyMap<string, readonly string[]> {
  for (const file of [".oxlintrc.json", "packages/tooling/src/lint-plugin.ts"]) {
    cpSync(join(root, file), join(directory, file));
  }
  for (const [index, [, code]] of Object.values(refused).entries()) {
    write(`packages/core/src/refused-${index}.ts`, code);
    write(`packages/core/src/refused-${index}.test.ts`, code);
  }
  write("examples/feed/src/timer.ts", "setTimeout(() => {}, 1);");
  for (const [file, code] of Object.values(accepted)) write(file, code);
  const run = spawnSync(
    process.execPath,
    [join(root, "node_modules/oxlint/bin/oxlint"), "--format=json", "packages/core", "examples"],
    { cwd: directory, encoding: "utf8", maxBuffer: 2 ** 26 },
  );
  const { diagnostics } = JSON.parse(run.stdout) as {
    diagnostics: readonly { code: string; filename: string; severity: string }[];
  };
  const broken = new Map<string, string[]>();
  for (const { code, filename } of diagnostics) {
    const file = filename.replaceAll("\\", "/");
    broken.set(file, [...(broken.get(file) ?? []), code.replace(/^.*\(|\)$/g, "")]);
  }
  return broken;
}

describe("lint", () => {
  const broken = lint();

  test.each(Object.entries(refused).map(([what, [rule]], index) => ({ what, rule, index })))(
    "refuses $what, in sources and in tests",
    ({ rule, index }) => {
      expect(broken.get(`packages/core/src/refused-${index}.ts`)).toContain(rule);
      expect(broken.get(`packages/core/src/refused-${index}.test.ts`)).toContain(rule);
    },
  );

  test("refuses a timer in an example, outside its clock module", () => {
    expect(broken.get("examples/feed/src/timer.ts")).toContain("no-ambient-time");
  });

  test.each(Object.entries(accepted).map(([what, [file]]) => ({ what, file })))(
    "accepts $what",
    ({ file }) => {
      expect(broken.get(file) ?? []).not.toContain("no-ambient-time");
    },
  );
});
