import { describe, expect, test } from "vitest";
import { closeArguments } from "./close-arguments.ts";
import { ConfigurationError } from "./errors.ts";

const faultsOf = (options: object): readonly string[] => {
  try {
    closeArguments(options, 5_000);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
};

describe("what a close frame may say", () => {
  test("defaults to 1000, no reason and the client's closeTimeout", () => {
    expect(closeArguments({}, 5_000)).toEqual({ code: 1000, reason: "", timeout: 5_000 });
  });

  test.each([1000, 3000, 4999])("may carry the close code %d", (code) => {
    expect(closeArguments({ code, reason: "bye", timeout: 0 }, 1)).toEqual({
      code,
      reason: "bye",
      timeout: 0,
    });
  });

  test.each([999, 1001, 1005, 1006, 2999, 5000, 3000.5, NaN, "1000", null])(
    "may not carry the close code %s",
    (code) => {
      const shown = typeof code === "string" ? `'${code}'` : String(code);
      expect(faultsOf({ code })).toEqual([`code: 1000 or 3000 to 4999 is needed, not ${shown}`]);
    },
  );

  test("takes a close reason of 123 bytes and no more, counted in UTF-8", () => {
    expect(faultsOf({ reason: "x".repeat(123) })).toEqual([]);
    const long = "é".repeat(62);
    expect(faultsOf({ reason: long })).toEqual([
      `reason: a string of at most 123 bytes of UTF-8 is needed, not '${long.slice(0, 50)}'`,
    ]);
  });

  test("lists every fault at once", () => {
    expect(faultsOf({ code: 1, reason: 2, timeout: -1 })).toEqual([
      "code: 1000 or 3000 to 4999 is needed, not 1",
      "reason: a string of at most 123 bytes of UTF-8 is needed, not 2",
      "timeout: a number of milliseconds, 0 or more, is needed, not -1",
    ]);
  });
});
