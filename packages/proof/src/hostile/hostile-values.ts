import * as fc from "fast-check";

class Impostor {
  readonly value = 5;
  toString(): string {
    throw new Error("no text of this");
  }
}

const circular: Record<string, unknown> = {};
circular["self"] = circular;

/** What careless or hostile code may hand over for an option, whatever it should be. */
export const hostileValues: readonly unknown[] = [
  // Numbers that are none, or are not what they seem.
  Number.NaN,
  Infinity,
  -Infinity,
  -1,
  -0.5,
  0,
  0.5,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  -1e308,
  "",
  "0",
  "10",
  "-1",
  "1e3",
  "Infinity",
  "NaN",
  " ",
  "true",
  "null",
  "constructor",
  "__proto__",
  "\u0000",
  "\ud800",
  "x".repeat(10_000),
  "\r\nx-injected: yes",
  "{}{}",
  "%zz",
  "http://",
  "::1",
  null,
  true,
  false,
  10n,
  -1n,
  Symbol("hostile"),
  Symbol.iterator,
  {},
  [],
  [5],
  ["x"],
  [[]],
  { length: 1 },
  { valueOf: () => 5 },
  circular,
  Object.create(null),
  new Impostor(),
  new Date(0),
  new Map(),
  new Proxy({}, {}),
  /x/,
  () => 5,
  () => {},
  Impostor,
  new Uint8Array(3),
  new ArrayBuffer(3),
  new Number(5),
  Promise.resolve(5),
];

/** Those, and others that nobody thought of. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...hostileValues),
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true, withTypedArray: true }),
);
