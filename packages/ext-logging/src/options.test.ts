import { faultsOf } from "rig";
import { expect, test } from "vitest";
import { logging } from "./index.ts";

/** What JavaScript may call it with. */
const make = logging as (options?: unknown) => unknown;

const faults = (options: unknown): readonly string[] => faultsOf(() => make(options));

test("lists every option that cannot work, in one error", () => {
  expect(faults({ level: "loud", maxLength: -1, logger: {}, redact: "yes" })).toEqual([
    "level cannot be 'loud'",
    "maxLength cannot be -1",
    "logger cannot be an object",
    "redact cannot be 'yes'",
  ]);
});

test.each([
  [{ level: null }],
  [{ maxLength: Number.NaN }],
  [{ maxLength: "long" }],
  [{ logger: null }],
  [{ redact: null }],
  [{ maxLength: "5" }],
  [{ logger: { info: 5 } }],
  [{ prefix: null }],
  [{ name: "" }],
  [{ levle: "debug" }],
  [null],
])("refuses %o", (options) => {
  expect(faults(options)).toHaveLength(1);
});

test("takes what can work", () => {
  expect(faults(undefined)).toEqual([]);
  expect(faults({ level: undefined, maxLength: 0, redact: false })).toEqual([]);
  expect(faults({ maxLength: Infinity, logger: { info() {} }, redact: String })).toEqual([]);
});
