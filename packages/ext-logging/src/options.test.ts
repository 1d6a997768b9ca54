import { faultsOf } from "rig";
import { expect, test } from "vitest";
import { logging } from "./index.ts";

/** What JavaScript may call it with. */
const make = logging as (options?: unknown) => unknown;

const faults = (options: unknown): readonly string[] => faultsOf(() => make(options));

test("lists every option that cannot work, in one error", () => {
  expect(
    faults({ level: "loud", maxLength: -1, logger: {}, redact: "yes", levle: "debug" }),
  ).toEqual([
    "logging.level: 'error' or 'warn' or 'info' or 'debug' or 'trace' is needed, not 'loud'",
    "logging.maxLength: a number, 0 or more, is needed, not -1",
    "logging.logger: an object with a method for a level is needed, not an object",
    "logging.redact: true or false or a function is needed, not 'yes'",
    "logging.levle: there is no such option",
  ]);
});

test.each([
  [null, "null"],
  [5, "5"],
  ["debug", "'debug'"],
  [() => {}, "a function"],
])("refuses options that are no object: %s", (options, shown) => {
  const refused = [`logging: an object is needed, not ${shown}`];
  expect(faults(options)).toEqual(refused);
  expect(faultsOf(() => logging.verbose(options as never))).toEqual(refused);
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
  [{ messages: null }],
])("refuses %o", (options) => {
  expect(faults(options)).toHaveLength(1);
});

test("takes what can work", () => {
  expect(faults(undefined)).toEqual([]);
  expect(faults({ level: undefined, maxLength: 0, redact: false })).toEqual([]);
  expect(faults({ maxLength: Infinity, logger: { info() {} }, redact: String })).toEqual([]);
});
