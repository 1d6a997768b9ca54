import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { migrationPage, page, snippets } from "./migration.ts";
import { areas } from "./parity/rows.ts";

test("the page is the one that the table and the snippets make; `pnpm --filter docs migration` writes it", () => {
  expect(readFileSync(page, "utf8")).toBe(migrationPage());
});

test("the page has every row and every snippet", () => {
  const lines = migrationPage().split("\n");
  for (const { number, feature } of areas.flatMap(({ rows }) => rows)) {
    const found = lines.filter((line) => line.startsWith(`| ${number} `));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`| ${feature} `);
  }
  const files = readdirSync(new URL("snippets", import.meta.url));
  expect(files.toSorted()).toEqual(
    snippets.flatMap(({ file }) => [`${file}.rs`, `${file}.ts`]).toSorted(),
  );
});
