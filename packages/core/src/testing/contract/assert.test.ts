import { describe, expect, test } from "vitest";
import { check, same, sameMessage } from "./assert.ts";

test("check fails with the sentence it is given", () => {
  expect(() => check(true, "never said")).not.toThrow();
  expect(() => check(1, "never said")).not.toThrow();
  for (const condition of [false, undefined, 0, ""]) {
    expect(() => check(condition, "It is not so")).toThrow(new Error("It is not so"));
  }
});

describe("same", () => {
  test("takes equal values of one type only", () => {
    for (const value of ["", "text", 0, NaN, undefined, null]) {
      expect(() => same(value, value, "value")).not.toThrow();
    }
    expect(() => same(0, -0, "zero")).toThrow("zero: expected 0, got 0");
    expect(() => same(1000, "1000", "code")).toThrow("code: expected '1000', got 1000");
    expect(() => same({}, {}, "object")).toThrow("object: expected [object Object]");
  });

  test.each([
    [1006, "1006"],
    [undefined, "undefined"],
    ["", "''"],
    ["x".repeat(40), `'${"x".repeat(40)}'`],
    ["x".repeat(41), `'${"x".repeat(40)}…' (41 units)`],
    [new Uint8Array(), "0 bytes []"],
    [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), "8 bytes [1 2 3 4 5 6 7 8]"],
    [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), "9 bytes [1 2 3 4 5 6 7 8 …]"],
  ])("shows %o", (value, shown) => {
    expect(() => same(value, true, "it")).toThrow(new Error(`it: expected true, got ${shown}`));
  });
});

describe("sameMessage", () => {
  test("takes the same text, and the same bytes wherever they lie", () => {
    expect(() => sameMessage("é", "é", "message")).not.toThrow();
    const bytes = Uint8Array.of(0, 1, 2, 3).subarray(1, 3);
    expect(() => sameMessage(bytes, Uint8Array.of(1, 2), "message")).not.toThrow();
    expect(() => sameMessage(new Uint8Array(), new Uint8Array(), "message")).not.toThrow();
  });

  test.each([
    ["other", "text", "expected 'text', got 'other'"],
    ["", new Uint8Array(), "expected 0 bytes [], got ''"],
    [new Uint8Array(), "", "expected '', got 0 bytes []"],
    [Uint8Array.of(1, 2), Uint8Array.of(1), "expected 1 bytes [1], got 2 bytes [1 2]"],
    [Uint8Array.of(1), Uint8Array.of(1, 2), "expected 2 bytes [1 2], got 1 bytes [1]"],
    [Uint8Array.of(1, 3), Uint8Array.of(1, 2), "expected 2 bytes [1 2], got 2 bytes [1 3]"],
  ])("does not take %o for %o", (actual, expected, fault) => {
    expect(() => sameMessage(actual, expected, "message")).toThrow(new Error(`message: ${fault}`));
  });

  test("takes nothing but a Uint8Array for bytes", () => {
    const buffer = new ArrayBuffer(1) as unknown as Uint8Array;
    expect(() => sameMessage(buffer, new Uint8Array(1), "message")).toThrow(
      "message: expected a Uint8Array, got [object ArrayBuffer]",
    );
  });
});
