import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { publishedPackages, root } from "./workspace.ts";

const directory = mkdtempSync(join(tmpdir(), "st-ambient-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Each must be an error in a package that runs on every platform. */
const strays: Readonly<Record<string, string>> = {
  WebSocket: `export const stray: unknown = new WebSocket("ws://127.0.0.1");`,
  Buffer: `export const stray: unknown = Buffer.from("");`,
  process: `export const stray: unknown = process.env;`,
  document: `export const stray: unknown = document.title;`,
  fetch: `export const stray: unknown = fetch("http://127.0.0.1");`,
  setInterval: `export const stray: unknown = setInterval(() => {}, 1);`,
  "node:fs": `import { readFileSync } from "node:fs"; export const stray: unknown = readFileSync;`,
};
const allowed = `export const value: unknown = [globalThis, Symbol.asyncDispose, new Uint8Array(1)];`;

/** Compiles every snippet as if it were a source of the package; the files that have errors. */
function filesWithErrors(path: string): ReadonlySet<string> {
  const config = JSON.parse(readFileSync(join(root, path, "tsconfig.json"), "utf8")) as {
    include: string[];
  };
  const ambient = config.include
    .filter((entry) => entry.startsWith(".."))
    .map((entry) => resolve(root, path, entry));
  const snippets = { ...strays, allowed };
  for (const [name, code] of Object.entries(snippets)) {
    writeFileSync(join(directory, `${name.replace(":", "-")}.ts`), code);
  }
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(directory, "tsconfig.json"),
    JSON.stringify({
      extends: join(root, path, "tsconfig.json"),
      compilerOptions: { noEmit: true, composite: false, incremental: false, rootDir: "/" },
      include: ["*.ts", ...ambient],
      exclude: [],
      references: [],
    }),
  );
  const run = spawnSync(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-p", directory, "--pretty", "false"],
    { encoding: "utf8", cwd: directory },
  );
  expect(run.stdout).not.toContain("error TS5");
  return new Set(
    [...run.stdout.matchAll(/^([^\s(]+)\.ts\(\d+,\d+\): error/gm)].map(([, name]) => name ?? ""),
  );
}

const universal = publishedPackages().filter(
  ({ path }) =>
    !readFileSync(join(root, path, "tsconfig.json"), "utf8").includes('"types"') &&
    !path.startsWith("packages/transport-"),
);

test("retry and core are for all platforms", () => {
  expect(universal.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["packages/core", "packages/retry"]),
  );
});

describe.each(universal.map(({ path }) => path))("in %s", (path) => {
  const wrong = filesWithErrors(path);

  test("what every platform has compiles", () => {
    expect(wrong).not.toContain("allowed");
  });

  test.each(Object.keys(strays))("a stray %s does not compile", (name) => {
    expect(wrong).toContain(name.replace(":", "-"));
  });
});
