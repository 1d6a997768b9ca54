import { expect, test } from "vitest";
import { judge } from "./ledger.ts";
import type { Entry } from "./ledger.ts";
import type { Told } from "./told.ts";

const at = 0;
const sent = (number: number): Told => ({ at, type: "sent", number, bytes: 10 });
const handed = (number: number, connection: number): Told => ({
  at,
  type: "handed",
  number,
  connection,
});
const disconnected = (connection: number, bufferedAmount = 0): Told => ({
  at,
  type: "disconnected",
  connection,
  cause: null,
  willRetry: true,
  bufferedAmount,
});
const dropped = (...numbers: number[]): Told => ({
  at,
  type: "dropped",
  numbers,
  reason: "closed",
});
const rejected = (number: number): Told => ({
  at,
  type: "rejected",
  number,
  cause: { name: "E", code: "", retryable: false, message: "" },
});
const entries = (connection: string, ...numbers: number[]): Entry[] =>
  numbers.map((number) => ({ connection, number }));
/** Messages 1 to `count`, all on connection 0. */
const onOne = (count: number): Told[] =>
  Array.from({ length: count }, (_, index) => [handed(index + 1, 0), sent(index + 1)]).flat();

test("all received is all well", () => {
  expect(judge(onOne(3), entries("1.1", 1, 2, 3))).toEqual({
    accepted: 3,
    received: 3,
    reported: 0,
    unknown: 0,
    late: 0,
    buffered: 0,
    faults: [],
  });
});

test("the last ones of a lost connection have an unknown fate", () => {
  const told = [...onOne(3), disconnected(0, 20), sent(4), handed(4, 1)];
  const verdict = judge(told, [...entries("1.1", 1), ...entries("1.2", 4)]);
  expect(verdict).toMatchObject({ received: 2, unknown: 2, buffered: 20, faults: [] });
});

test("what was reported as dropped, or rejected, is told", () => {
  const told = [
    ...onOne(1),
    sent(2),
    dropped(2),
    sent(3),
    rejected(3),
    sent(4),
    dropped(4),
    rejected(4),
  ];
  expect(judge(told, entries("1.1", 1))).toMatchObject({ reported: 3, unknown: 0, faults: [] });
});

test("what was refused is nobody's loss", () => {
  const told: Told[] = [{ at, type: "refused", number: 1, bytes: 10 }];
  expect(judge(told, [])).toMatchObject({ accepted: 0, faults: [] });
});

test("what a lost connection delivers after a newer one is late, not lost", () => {
  const told = [...onOne(2), disconnected(0), sent(3), handed(3, 1)];
  const journal = [...entries("1.1", 1), ...entries("1.2", 3), ...entries("1.1", 2)];
  expect(judge(told, journal)).toMatchObject({ received: 3, late: 1, faults: [] });
});

test.each<[string, Told[], Entry[], string]>([
  ["a message received twice", onOne(2), entries("1.1", 1, 2, 2), "2 was received twice"],
  [
    "a message sent again on the next connection",
    [...onOne(2), disconnected(0)],
    [...entries("1.1", 1, 2), ...entries("1.2", 2)],
    "2 was received twice",
  ],
  ["a message out of order", onOne(3), entries("1.1", 2, 1, 3), "1 was received out of order"],
  [
    "a message that overtook those of a living connection",
    onOne(2),
    [...entries("1.1", 2), ...entries("1.2", 1)],
    "1 was received after 2",
  ],
  ["a message from nowhere", onOne(1), entries("1.1", 1, 2), "2 was received but not accepted"],
  [
    "a message that was reported and received",
    [...onOne(1), dropped(1)],
    entries("1.1", 1),
    "1 was reported as dropped, and received",
  ],
  [
    "a message reported twice",
    [sent(1), dropped(1), dropped(1)],
    [],
    "1 was reported as dropped twice",
  ],
  ["a message that left the queue twice", [...onOne(1), handed(1, 1)], entries("1.1", 1), "1 left"],
  ["a message that vanished from the queue", [sent(1)], [], "1 was accepted and never heard of"],
  [
    "a message that vanished while the connection lived",
    onOne(2),
    entries("1.1", 1),
    "2 was lost, and no disconnected told of connection 0",
  ],
  [
    "a message that vanished from the middle",
    [...onOne(3), disconnected(0)],
    entries("1.1", 1, 3),
    "2 was lost, but later ones of connection 0 arrived",
  ],
  [
    "bytes said to be buffered though all arrived",
    [...onOne(1), disconnected(0, 10_000)],
    entries("1.1", 1),
    "connection 0 told of 10000 buffered bytes, but all arrived",
  ],
])("%s is a fault", (_, told, journal, fault) => {
  const { faults } = judge(told, journal);
  expect(faults.some((each) => each.startsWith(fault))).toBe(true);
});
