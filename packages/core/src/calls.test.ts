import { expect, test, vi } from "vitest";
import { Calls } from "./calls.ts";
import type { Parts } from "./parts.ts";
import { Pending } from "./pending.ts";
import { watch } from "./test-kit.ts";
import { manualClock } from "./testing/index.ts";

const gaveUp = new Error("gave up");
const client = { causeOfEnd: gaveUp, endError: gaveUp } as unknown as Parts;

function waiting() {
  const clock = manualClock();
  const calls = new Calls();
  const add = (verb: Parameters<Calls["add"]>[0]) => {
    const pending = new Pending<void>(clock);
    calls.add(verb, pending);
    return watch(pending.promise);
  };
  const all = () => [add("connect"), add("connect"), add("ready"), add("disconnect"), add("run")];
  return { clock, calls, outcomes: all() };
}

test("calls of one verb are settled together, and once", async () => {
  const { clock, calls, outcomes } = waiting();
  const statuses = () => outcomes.map(({ status }) => status);
  calls.connected();
  await clock.settle();
  expect(statuses()).toEqual(["resolved", "resolved", "resolved", "pending", "pending"]);
  calls.rested(false);
  calls.closed(client, false, 0);
  await clock.settle();
  expect(statuses()).toEqual(["resolved", "resolved", "resolved", "resolved", "rejected"]);
  expect(outcomes.map(({ error }) => error)).toEqual([...Array(4).fill(undefined), gaveUp]);
});

test("a client that rests for now leaves those who wait for a connection waiting", async () => {
  const { clock, calls, outcomes } = waiting();
  calls.rested(true);
  await clock.settle();
  expect(outcomes.map(({ status }) => status)).toEqual([
    "pending",
    "pending",
    "pending",
    "resolved",
    "pending",
  ]);
});

test("it is known who waits, until he is settled or taken back", () => {
  const calls = new Calls();
  const pending = new Pending<void>(manualClock());
  expect(calls.has("ready")).toBe(false);
  calls.add("ready", pending);
  expect([calls.has("ready"), calls.has("connect")]).toEqual([true, false]);
  calls.delete("ready", pending);
  expect(calls.has("ready")).toBe(false);
  calls.add("ready", pending);
  calls.connected();
  expect(calls.has("ready")).toBe(false);
});

test("a call that does not wait may be taken back: those who wait go on waiting", () => {
  const clock = manualClock();
  const calls = new Calls();
  const call = new Pending<void>(clock);
  calls.delete("run", call);
  expect(calls.has("run")).toBe(false);
  calls.add("run", new Pending<void>(clock));
  calls.delete("run", call);
  expect(calls.has("run")).toBe(true);
});

test("to know who waits, those who wait are not gone through", () => {
  const calls = new Calls();
  const clock = manualClock();
  for (let n = 0; n < 10_000; n++) calls.add("ready", new Pending<void>(clock));
  const last = new Pending<void>(clock);
  calls.add("connect", last);
  const iterate = vi.spyOn(Object.getPrototypeOf(new Map().values()) as Iterator<unknown>, "next");
  const iterateSet = vi.spyOn(
    Object.getPrototypeOf(new Set().values()) as Iterator<unknown>,
    "next",
  );
  calls.has("connect");
  calls.delete("connect", last);
  calls.has("connect");
  const steps = iterate.mock.calls.length + iterateSet.mock.calls.length;
  vi.restoreAllMocks();
  expect(steps).toBeLessThan(10);
});
