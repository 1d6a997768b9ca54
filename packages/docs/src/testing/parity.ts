import { describe, expect, test } from "vitest";
import type { Area, Row } from "../parity/row.ts";

/** What rows promise, by their number, run against a server. */
export type Checks = Readonly<Record<number, () => void | Promise<void>>>;

/** A test for each row of an area: its check, or that it needs none. */
export function parity({ title, rows }: Area, checks: Checks): void {
  const nameOf = ({ number, feature }: Row): string => `${number} ${feature}`;
  describe(title, () => {
    for (const row of rows) test(nameOf(row), () => checkOf(row, checks)());
    test("has no check left over", () => {
      const behaving = rows.filter((row) => !("why" in row)).map(({ number }) => `${number}`);
      expect(Object.keys(checks)).toEqual(behaving);
    });
  });
}

/** The check of a row. One without behaviour is checked for saying why. */
function checkOf(row: Row, checks: Checks): () => void | Promise<void> {
  const check = "why" in row ? explains(row.why) : checks[row.number];
  if (check) return check;
  throw new Error(`Row ${row.number} promises a behaviour and has no check`);
}

const explains = (why: string) => (): void => {
  expect(why).toMatch(/^[A-Z][^]*\.$/);
};
