import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { publishedPackages, root, workspacePackages } from "./workspace.ts";

const read = (file: string): string => readFileSync(join(root, file), "utf8");

function references(file: string): readonly string[] {
  const { references: list } = JSON.parse(read(file)) as { references: { path: string }[] };
  return list.map(({ path }) => path);
}

const { default: budgets } = (await import(pathToFileURL(join(root, ".size-limit.js")).href)) as {
  default: readonly { readonly path: string; readonly limit: string }[];
};

const compiled = workspacePackages()
  .map(({ path }) => path)
  .filter((path) => existsSync(join(root, path, "tsconfig.json")));

describe("a package that is compiled is part of the type check", () => {
  test.each(["tsconfig.json", "tsconfig.test.json"])("by %s", (file) => {
    expect(references(file)).toEqual(expect.arrayContaining([...compiled]));
  });
});

test("the README says how much the client may weigh", () => {
  const said = /`createClient` with its default strategy stays under\s+(.+?) and/.exec(
    read("README.md"),
  );
  expect(said?.[1]).toBe(budgets[0]?.limit);
});

test("a release looks at what it is about to publish", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  expect(scripts["release"]).toMatch(/ build && .+\/packages\.ts && changeset publish$/);
});

describe.each(publishedPackages().map(({ path }) => path))("%s", (path) => {
  test("has a size budget", () => {
    expect(budgets.map(({ path: measured }) => measured)).toContain(`${path}/dist/index.js`);
  });

  test("is in the README's table", () => {
    expect(read("README.md")).toContain(`](${path}/README.md)`);
  });

  test("has the licence of the repository", () => {
    expect(existsSync(join(root, "LICENSE"))).toBe(true);
    expect(read(`${path}/package.json`)).toContain('"license": "Apache-2.0"');
  });
});
