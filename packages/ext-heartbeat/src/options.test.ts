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
    "heartbeat.name: a text that is not empty is needed, not 1",
    "heartbeat.interval: a number of milliseconds, 1 or more, is needed, not 0",
    "heartbeat.timeout: a number of milliseconds, 1 or more, is needed, not NaN",
    "heartbeat.message: a text, a Uint8Array or a function is needed, not an object",
    "heartbeat.isReply: a function is needed, not 'pong'",
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
  [{ message: Symbol("ping") }],
  [{ message: true }],
  [{ message: "ping", isReply: null }],
])("refuses %o", (options) => {
  expect(faults(options)).toHaveLength(1);
});

test("refuses options that there are not", () => {
  expect(faults({ intervall: 5, interval: 0 })).toEqual([
    "heartbeat.interval: a number of milliseconds, 1 or more, is needed, not 0",
    "heartbeat.intervall: there is no such option",
  ]);
  expect(faults(null)).toEqual(["heartbeat: an object is needed, not null"]);
  expect(faults(5)).toEqual(["heartbeat: an object is needed, not 5"]);
});

test("refuses to recognise the answer to a message that there is not", () => {
  expect(faults({ isReply: () => true })).toEqual([
    "heartbeat.isReply: without `message` there is no reply",
  ]);
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
