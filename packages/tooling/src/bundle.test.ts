import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bundle } from "./bundle.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "st-bundle-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [file, code] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), code);
  }
}

const entry = (path: string): Readonly<Record<string, string>> => ({
  "@stream-tungstenite/source": `./src/${path}.ts`,
  types: `./dist/${path}.d.ts`,
  default: `./dist/${path}.js`,
});
const manifest = JSON.stringify({
  name: "fixture",
  type: "module",
  exports: {
    ".": entry("index"),
    "./testing": entry("testing/index"),
    "./package.json": "./package.json",
  },
  dependencies: { ws: "*" },
  peerDependencies: { "@stream-tungstenite/core": "*" },
});

const read = (file: string): string => readFileSync(join(directory, file), "utf8");
const built = (): readonly string[] => globSync("dist/**/*.js", { cwd: directory }).toSorted();
const load = async <T>(file: string): Promise<T> =>
  (await import(/* @vite-ignore */ pathToFileURL(join(directory, file)).href)) as T;

test("an entry point is one file, and what is imported on demand another", async () => {
  write({
    "package.json": manifest,
    "src/index.ts": `export { A, lazy } from "./a.ts";`,
    "src/a.ts": `import { B } from "./b.ts";
      export class A { readonly b: B = new B(); }
      export const lazy = (): Promise<unknown> => import("./lazy.ts");`,
    "src/b.ts": `export class B {}`,
    "src/lazy.ts": `export const late: boolean = true;`,
    "src/testing/index.ts": `export const kit: boolean = true;`,
    "dist/left.js": "",
    "dist/left.d.ts": "",
  });
  await bundle(directory);
  expect(built()).toEqual(["dist/index.js", "dist/lazy.js", "dist/testing/index.js"]);
  expect(globSync("dist/*.d.ts", { cwd: directory })).toEqual([]);

  const { A, lazy } = await load<{
    A: new () => { readonly b: object };
    lazy: () => Promise<unknown>;
  }>("dist/index.js");
  expect([A.name, new A().b.constructor.name]).toEqual(["A", "B"]);
  await expect(lazy()).resolves.toMatchObject({ late: true });

  const { sources, sourcesContent } = JSON.parse(read("dist/index.js.map")) as {
    sources: readonly string[];
    sourcesContent?: unknown;
  };
  expect(sources).toEqual(["../src/b.ts", "../src/a.ts"]);
  expect(sourcesContent).toBeUndefined();
});

test("a class of two entry points exists once", async () => {
  write({
    "package.json": manifest,
    "src/index.ts": `export { A } from "./a.ts";`,
    "src/a.ts": `export class A {}`,
    "src/testing/index.ts": `import { A } from "../a.ts"; export const isA = (a: unknown): boolean => a instanceof A;`,
  });
  await bundle(directory);
  const { A } = await load<{ A: new () => object }>("dist/index.js");
  const { isA } = await load<{ isA: (a: unknown) => boolean }>("dist/testing/index.js");
  expect(isA(new A())).toBe(true);
});

test("errors are a file of their own, with what they import: what it does on loading burdens nothing else", async () => {
  write({
    "package.json": manifest,
    "src/index.ts": `export { Fault } from "./errors.ts"; export { isFault } from "./is-fault.ts"; export { one } from "./one.ts";`,
    "src/errors.ts": `import { text } from "./text.ts";
      export class Fault extends Error {}
      Object.assign(Fault.prototype, { name: text() });`,
    "src/is-fault.ts": `import { Fault } from "./errors.ts"; export const isFault = (a: unknown): boolean => a instanceof Fault;`,
    "src/text.ts": `export const text = (): string => "Fault";`,
    "src/one.ts": `export const one = 1;`,
    "src/testing/index.ts": `export const kit: boolean = true;`,
  });
  await bundle(directory);
  expect(built()).toEqual(["dist/errors.js", "dist/index.js", "dist/testing/index.js"]);
  expect(read("dist/index.js")).not.toContain("prototype");
  expect(read("dist/errors.js")).not.toContain("import ");
});

test("other packages stay imports", async () => {
  write({
    "package.json": manifest,
    "src/index.ts": `export { WebSocket } from "ws"; export { systemClock } from "@stream-tungstenite/core";
      export { manualClock } from "@stream-tungstenite/core/testing"; export { isIP } from "node:net";`,
    "src/testing/index.ts": `export const kit: boolean = true;`,
  });
  await bundle(directory);
  expect(built()).toHaveLength(2);
  expect([...read("dist/index.js").matchAll(/ from "(.+)"/g)].map(([, name]) => name)).toEqual(
    expect.arrayContaining([
      "ws",
      "@stream-tungstenite/core",
      "@stream-tungstenite/core/testing",
      "node:net",
    ]),
  );
});

test("a package that the manifest does not name is a fault", async () => {
  write({
    "package.json": manifest,
    "src/index.ts": `export { thing } from "undeclared";`,
    "src/testing/index.ts": `export const kit: boolean = true;`,
  });
  await expect(bundle(directory)).rejects.toThrow("undeclared");
});

test("two classes of one name are a fault", async () => {
  write({
    "package.json": manifest,
    "src/index.ts": `export { a } from "./a.ts"; class Local {} export const b = (): object => new Local();`,
    "src/a.ts": `class Local {} export const a = (): object => new Local();`,
    "src/testing/index.ts": `export const kit: boolean = true;`,
  });
  await expect(bundle(directory)).rejects.toThrow("two classes are called Local");
});
