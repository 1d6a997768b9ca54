import { expect, test } from "vitest";
import { count, describe, describeStatus, duration, seconds } from "./describe.ts";
import { exampleEvents, exampleStatus } from "./examples.ts";

test("every event but a dial has a sentence of its own", () => {
  const texts = exampleEvents.map((event) => describe(event)?.text);
  expect(texts.filter((text) => text === undefined)).toHaveLength(1);
  expect(new Set(texts).size).toBe(exampleEvents.length);
  expect(texts.join("\n")).not.toMatch(/undefined|null|NaN|\[object/);
});

test.each([
  ["connected again after 1.25 s, attempt 3 (connection 2)"],
  ["next try (attempt 1) in 87 ms"],
  ["attempt 1 failed: Connecting to ws://x/ failed"],
  ["fault: server killed (SIGKILL), back in 600 ms"],
  ["fault: server closes with 1011 (internal error)"],
  ["fault: server closes with 1012 and refuses the next dial with 503, Retry-After: 1"],
  ["feed goes on at 2,001; 1,000 messages were published meanwhile"],
  ["orders reported dropped (expired): 46–50"],
])("%s", (text) => {
  expect(exampleEvents.map((event) => describe(event)?.text)).toContain(text);
});

test("bytes whose fate is unknown are told of", () => {
  expect(exampleEvents.map((event) => describe(event)?.text)).toContain(
    "disconnected after 2.00 s: The connection was lost: close code 1006; 120 bytes were not on the network yet",
  );
});

test("the status line tells state, attempt, next try, messages per second and round trip", () => {
  expect(describeStatus(exampleStatus).text).toBe(
    " 12.34 s  ● connected    attempt 0  next try –       1,234 msg/s  rtt 0.4 ms    orders 238/240",
  );
  const waiting = { ...exampleStatus, state: "waiting", attempt: 2, nextTry: 340, roundTrip: null };
  expect(describeStatus(waiting).text).toBe(
    " 12.34 s  ● waiting      attempt 2  next try 340 ms  1,234 msg/s  rtt –         orders 238/240",
  );
});

test("the parts of the status line stay in place, whatever they hold", () => {
  const at = (change: Partial<typeof exampleStatus>): number =>
    describeStatus({ ...exampleStatus, ...change }).text.indexOf("orders");
  expect(at({ state: "handshaking", nextTry: 1_000, roundTrip: 123.4, messagesPerSecond: 0 })).toBe(
    at({}),
  );
});

test("times and numbers are spelt for people", () => {
  expect([seconds(0), seconds(12_345)]).toEqual(["  0.00 s", " 12.35 s"]);
  expect([duration(0.4), duration(999), duration(1_000)]).toEqual(["0 ms", "999 ms", "1.00 s"]);
  expect([count(0), count(999), count(1_000), count(1_234_567)]).toEqual([
    "0",
    "999",
    "1,000",
    "1,234,567",
  ]);
});
