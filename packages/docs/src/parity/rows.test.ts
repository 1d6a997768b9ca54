import { expect, test } from "vitest";
import { areas } from "./rows.ts";

const rows = areas.flatMap((area) => area.rows);

test("all 75 features are there, each once and in order", () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 75 }, (_, i) => i + 1));
  expect(new Set(rows.map(({ feature }) => feature)).size).toBe(75);
});

test("a row that promises more says what", () => {
  const silent = rows.filter((row) => row.verdict === "more" && !row.difference);
  expect(silent).toEqual([]);
});

test("only rows that are internal or do not apply go without a check", () => {
  expect(rows.filter((row) => "why" in row).map(({ number }) => number)).toEqual([70, 75]);
});
