import { expect, test } from "vitest";
import { describeLosses, describeTold } from "./describe.ts";
import type { Cause, Told } from "./told.ts";

const at = 0;
const cause: Cause = {
  name: "ConnectError",
  code: "CONNECT",
  retryable: true,
  message: "Cannot connect to ws://127.0.0.1:4711/: <h1>no</h1>",
  phase: "upgrade",
  status: 503,
  retryAfter: 1_000,
};
const verdict = { accepted: 4, received: 4, reported: 0, unknown: 0, late: 0, buffered: 0 };

test("equal events are told once, with their count and details", () => {
  const told: Told[] = [
    { at, type: "connecting", attempt: 1 },
    { at, type: "error", cause },
    { at, type: "error", cause },
    { at, type: "dropped", numbers: [1], reason: "closed" },
  ];
  expect(describeTold(told)).toEqual([
    "`error`: ConnectError, phase `upgrade`, HTTP 503, retry after 1000 ms (2 times)",
    '`dropped`: 1 message, reason "closed"',
  ]);
});

test("a final error is quoted, without the port of the run and as no HTML of the page", () => {
  const [text] = describeTold([{ at, type: "fatal", cause }]);
  expect(text).toMatch(/"Cannot connect to ws:\/\/127\.0\.0\.1:…\/: &lt;h1>no&lt;\/h1>"$/);
});

test("losses are told by who told of them", () => {
  expect(describeLosses({ ...verdict, faults: [] })).toBe("nothing of 4 messages");
  expect(
    describeLosses({ ...verdict, received: 1, unknown: 2, reported: 1, buffered: 9, faults: [] }),
  ).toBe(
    "2 of 4 unknown, told by `disconnected`; `bufferedAmount` 9; 1 of 4, each told by `dropped`",
  );
  expect(describeLosses({ ...verdict, late: 2, faults: [] })).toBe(
    "nothing of 4 messages; 2 arrived later than newer ones",
  );
});
