import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openJournal } from "./journal.ts";

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "journal-"));
  path = join(directory, "journal.jsonl");
});
afterEach(() => rmSync(directory, { recursive: true }));

test("a new journal begins now and knows no order", () => {
  const journal = openJournal(path, 1_000);
  expect(journal.epoch).toBe(1_000);
  expect(journal.orders("a")).toEqual([]);
  journal.close();
});

test("an order is in the file when it is entered, without a close", () => {
  const journal = openJournal(path, 1_000);
  journal.enter("a", 1);
  expect(readFileSync(path, "utf8")).toBe('{"epoch":1000}\n["a",1]\n');
  journal.close();
});

test("an order is entered once", () => {
  const journal = openJournal(path, 1_000);
  expect([journal.enter("a", 1), journal.enter("a", 1)]).toEqual([true, false]);
  journal.close();
});

test("the next server goes on where the killed one stopped", () => {
  const killed = openJournal(path, 1_000);
  for (const number of [1, 2, 4]) killed.enter("a", number);
  killed.enter("b", 1);
  const next = openJournal(path, 9_000);
  expect(next.epoch).toBe(1_000);
  expect(next.orders("a")).toEqual([
    [1, 2],
    [4, 4],
  ]);
  expect(next.enter("b", 1)).toBe(false);
  killed.close();
  next.close();
});

test.each(['["a",2', '["a"', "["])(
  "half a line, %s, was never entered, and does not spoil the next",
  (half) => {
    const killed = openJournal(path, 1_000);
    killed.enter("a", 1);
    killed.close();
    appendFileSync(path, half);
    const next = openJournal(path, 2_000);
    expect(next.orders("a")).toEqual([[1, 1]]);
    next.enter("a", 3);
    next.close();
    const third = openJournal(path, 3_000);
    expect(third.orders("a")).toEqual([
      [1, 1],
      [3, 3],
    ]);
    third.close();
  },
);

test("a server killed while it wrote the first line begins anew", () => {
  writeFileSync(path, '{"epo');
  const journal = openJournal(path, 2_000);
  expect(journal.epoch).toBe(2_000);
  journal.close();
  expect(readFileSync(path, "utf8")).toBe('{"epoch":2000}\n');
});

test.each(["hello\n", "{}\n", '{"epoch":1}\nhello\n'])(
  "a file that is something else, %j, is refused and left alone",
  (content) => {
    writeFileSync(path, content);
    expect(() => openJournal(path, 1_000)).toThrow("is not a journal of this server");
    expect(readFileSync(path, "utf8")).toBe(content);
  },
);
