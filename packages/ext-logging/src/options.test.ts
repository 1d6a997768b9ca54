import { ConfigurationError } from "@stream-tungstenite/core";
import { expect, test } from "vitest";
import { logging } from "./index.ts";

/** What JavaScript may call it with. */
const make = logging as (options?: unknown) => unknown;

function faultsOf(options: unknown): readonly string[] {
  try {
    make(options);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
}

test("lists every option that cannot work, in one error", () => {
  expect(faultsOf({ level: "loud", maxLength: -1, logger: {}, redact: "yes" })).toEqual([
    "level: loud is none of error,warn,info,debug,trace",
    "maxLength: -1 is not 0 or more",
    "logger: it has none of error,warn,info,debug,trace",
    "redact: neither boolean nor function",
  ]);
});

test.each([
  [{ level: null }],
  [{ maxLength: Number.NaN }],
  [{ maxLength: "long" }],
  [{ logger: null }],
  [{ redact: null }],
])("refuses %o", (options) => {
  expect(faultsOf(options)).toHaveLength(1);
});

test("takes what can work", () => {
  expect(faultsOf(undefined)).toEqual([]);
  expect(faultsOf({ level: undefined, maxLength: 0, redact: false })).toEqual([]);
  expect(faultsOf({ maxLength: Infinity, logger: { info() {} }, redact: String })).toEqual([]);
});
