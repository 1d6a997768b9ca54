import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { catalogue } from "./catalogue.ts";
import type { Place } from "./catalogue.ts";
import { page } from "./page.ts";
import type { Result } from "./results.ts";

const places = Object.entries(catalogue) as [Place, readonly Result["fault"][]][];
const results = places.flatMap(([place, faults]) =>
  faults.map((fault): Result => ({
    place,
    fault,
    reported: ["`error`: a | b"],
    noticed: 12,
    back: null,
    attempts: 0,
    lost: "nothing of 3 messages",
  })),
);

test("the page has a row for every fault", () => {
  const text = page(results);
  expect(text.match(/^\| .* \| 12 \| {2}\| {2}\| nothing of 3 messages \|$/gm)).toHaveLength(
    results.length,
  );
  expect(text).toContain("| SIGKILL | `error`: a \\| b | 12 |");
});

test("a fault without a result is missed", () => {
  expect(() => page(results.slice(1))).toThrow(/^No result of "SIGKILL"/);
});

test("the page that is kept knows every fault, and no other", () => {
  const kept = readFileSync(new URL("../../../docs/faults.md", import.meta.url), "utf8");
  for (const [place, faults] of places) {
    const [, section = ""] = kept.split(`\n## ${place}\n`);
    const [table = ""] = section.split("\n## ");
    const rows = [...table.matchAll(/^\| (.*?) +\|/gm)].map(([, fault]) => fault);
    expect(rows.slice(2)).toEqual(faults);
  }
  expect(kept.match(/^## /gm)).toHaveLength(places.length);
});
