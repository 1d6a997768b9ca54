import { expect, test } from "vitest";
import { table } from "./table.ts";

test("columns are as wide as their widest cell, and a bar in a cell is no border", () => {
  expect(
    table([
      ["a", "long head"],
      ["1|2", "x"],
    ]),
  ).toBe("| a    | long head |\n| ---- | --------- |\n| 1\\|2 | x         |\n");
});
