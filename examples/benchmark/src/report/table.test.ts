import { expect, test } from "vitest";
import { table } from "./table.ts";

test("Columns are aligned, and missing cells are empty", () => {
  expect(table([["name", "rate"], ["a|b", "1,000,000"], ["c"]])).toBe(
    [
      "| name | rate      |",
      "| ---- | --------- |",
      "| a\\|b | 1,000,000 |",
      "| c    |           |",
      "",
    ].join("\n"),
  );
});
