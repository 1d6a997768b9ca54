import { describe, expect, test } from "vitest";
import { parseRetryAfter } from "./retry-after.ts";

const now = Date.UTC(2026, 0, 5, 12, 0, 0);

describe("seconds", () => {
  test.each([
    ["0", 0],
    ["7", 7_000],
    [" 120 ", 120_000],
    ["3600", 3_600_000],
    ["3601", 3_600_000],
    ["99999999999999999999999", 3_600_000],
  ])("%j is %d ms", (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});

describe("an HTTP date, in all three forms", () => {
  test.each([
    ["Mon, 05 Jan 2026 12:00:30 GMT", 30_000],
    ["Monday, 05-Jan-26 12:00:30 GMT", 30_000],
    ["Mon Jan  5 12:00:30 2026", 30_000],
    ["Mon, 05 Jan 2026 12:00:00 GMT", 0],
    ["Tue, 06 Jan 2026 12:00:00 GMT", 3_600_000],
  ])("%j is %d ms from now", (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });

  test("is ignored when it has passed", () => {
    expect(parseRetryAfter("Mon, 05 Jan 2026 11:59:59 GMT", now)).toBeUndefined();
  });
});

describe("anything else is ignored", () => {
  test.each([
    undefined,
    "",
    "-5",
    "1.5",
    "1e3",
    "soon",
    "7 seconds",
    "2026-01-05T12:00:30Z",
    "Infinity",
    "Mon, 99 Foo 2026 12:00:00 GMT",
  ])("%j", (value) => {
    expect(parseRetryAfter(value, now)).toBeUndefined();
  });
});
