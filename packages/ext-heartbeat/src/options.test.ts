import { faultsOf } from "rig";
import { expect, test } from "vitest";
import { heartbeat } from "./index.ts";

/** What JavaScript may call it with. */
const make = heartbeat as (options?: unknown) => unknown;

const faults = (options: unknown): readonly string[] => faultsOf(() => make(options));

test("lists every option that cannot work, in one error", () => {
  expect(
    faults({ name: 1, interval: 0, timeout: Number.NaN, message: [1], isReply: "pong" }),
  ).toEqual([
    "name: a string is needed",
    "interval: milliseconds, 1 or more, are needed, not 0",
    "timeout: milliseconds, 1 or more, are needed, not NaN",
    "message: a string, a Uint8Array or a function is needed, not object",
    "isReply: a function is needed",
  ]);
});

test.each([
  [{ interval: Infinity }],
  [{ interval: -1 }],
  [{ interval: "15" }],
  [{ timeout: 0 }],
  [{ timeout: Infinity }],
  [{ name: "" }],
  [{ message: 5 }],
  [{ message: null }],
])("refuses %o", (options) => {
  expect(faults(options)).toHaveLength(1);
});

test("refuses options that there are not", () => {
  expect(faults({ intervall: 5, interval: 0 })).toEqual([
    "interval: milliseconds, 1 or more, are needed, not 0",
    "intervall: there is no such option",
  ]);
  expect(faults(null)).toEqual(["options: there is no such option"]);
});

test("refuses to recognise the answer to a message that there is not", () => {
  expect(faults({ isReply: () => true })).toEqual(["isReply: without `message` there is no reply"]);
});

test("takes what can work", () => {
  expect(faults(undefined)).toEqual([]);
  expect(faults({ interval: 1, timeout: 1, message: "ping", isReply: () => true })).toEqual([]);
  expect(faults({ message: Uint8Array.of(1), interval: undefined })).toEqual([]);
  expect(faults({ message: () => "ping" })).toEqual([]);
});

test("says no value of a message in the error", () => {
  expect(faults({ message: { token: "s3cret" } }).join()).not.toContain("s3cret");
});
