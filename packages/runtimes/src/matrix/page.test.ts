import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { columns } from "./columns.ts";
import type { Observation } from "./observation.ts";
import { essence, matrixPage, unobserved } from "./page.ts";

const all = { passed: 44, of: 44, notApplicable: 9 };

function observations(change: (observation: Observation) => Observation): readonly Observation[] {
  return columns.map(([runtime]) =>
    change({
      runtime,
      version: "1.2.3",
      contestants: {
        browserTransport: { contract: all, scenarios: all, abilities: { ping: false } },
      },
      platform: { "abnormal code": 1006, "close codes sent": "1000, 1001, 3000, 4999" },
    }),
  );
}

const page = matrixPage(observations((observation) => observation));

test("has a column of each runtime, and what it does", () => {
  const head = page.split("\n").find((line) => line.includes("Chromium"));
  expect(head?.split("|").map((cell) => cell.trim())).toEqual([
    "",
    "",
    ...columns.map(([, title]) => title),
    "",
  ]);
  expect(page).toMatch(/\| `browserTransport`: contract +\| 44 of 44 +\|/);
  expect(page).toMatch(/\| `nodeTransport`: contract +\| – +\|/);
  expect(page).toMatch(/\| `browserTransport`: sends protocol pings +\| no +\|/);
  expect(page).toMatch(/\| code of an abnormal closure +\| 1006 +\|/);
  expect(page).toMatch(/\| `close` takes 1000, 3000–4999 and +\| 1001 +\|/);
});

test("is the same in essence with other versions and more cases", () => {
  const later = observations((observation) => ({
    ...observation,
    version: "12.34.56",
    contestants: {
      browserTransport: {
        contract: { ...all, passed: 100, of: 100 },
        scenarios: all,
        abilities: { ping: false },
      },
    },
  }));
  expect(matrixPage(later)).not.toBe(page);
  expect(essence(matrixPage(later))).toBe(essence(page));
});

test.each<readonly [string, (observation: Observation) => Observation]>([
  ["a fact differs", (each) => ({ ...each, platform: { ...each.platform, "abnormal code": 0 } })],
  [
    "a case fails",
    (each) => ({
      ...each,
      contestants: {
        browserTransport: { contract: { ...all, passed: 43 }, scenarios: all, abilities: {} },
      },
    }),
  ],
  ["a transport is gone", (each) => ({ ...each, contestants: {} })],
])("is another in essence when %s in one runtime", (_, change) => {
  const changed = observations((each) => (each.runtime === "deno" ? change(each) : each));
  expect(essence(matrixPage(changed))).not.toBe(essence(page));
});

test("names the runtimes that were not observed", () => {
  expect(unobserved(observations((each) => each).slice(1))).toEqual(["chromium"]);
  expect(() => matrixPage([])).toThrow("No run in chromium was observed");
});

test("the page in the documentation has every row, and no case that failed", () => {
  const committed = readFileSync(new URL("../../../docs/runtimes.md", import.meta.url), "utf8");
  const titles = (text: string): readonly string[] =>
    text.split("\n").flatMap((line) => /^\| (.*?) +\|/.exec(line)?.[1] ?? []);
  expect(titles(committed)).toEqual(titles(page));
  const tallies = [...committed.matchAll(/(\d+) of (\d+)/g)];
  expect(tallies.length).toBeGreaterThan(20);
  for (const [, passed, of] of tallies) expect(passed).toBe(of);
});
