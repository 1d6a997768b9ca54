import { expect, test } from "vitest";
import { manualClock } from "./manual-clock.ts";

test("stands still until it is told to move", async () => {
  const clock = manualClock({ now: 5 });
  expect(clock.now()).toBe(5);
  await clock.settle();
  expect(clock.now()).toBe(5);
  await clock.advance(10);
  expect(clock.now()).toBe(15);
  expect(manualClock().now()).toBe(0);
});

test("runs what is due in order of time, ties in order of scheduling, and nothing else", async () => {
  const clock = manualClock();
  const ran: string[] = [];
  const at = (delay: number, name: string) =>
    clock.schedule(delay, () => void ran.push(`${name}@${clock.now()}`));
  at(30, "late");
  at(10, "first");
  at(20, "tie 1");
  at(20, "tie 2");
  at(20.5, "beyond");
  await clock.advance(20);
  expect(ran).toEqual(["first@10", "tie 1@20", "tie 2@20"]);
  expect(clock.pending).toBe(2);
  expect(clock.next).toBe(20.5);
});

test("a negative delay is due now, an infinite one never, NaN is refused", async () => {
  const clock = manualClock({ now: 100 });
  let ran = 0;
  clock.schedule(-50, () => ran++);
  clock.schedule(Infinity, () => ran++);
  expect(() => clock.schedule(NaN, () => {})).toThrow(new RangeError("A timer's delay is NaN"));
  expect(clock.next).toBe(100);
  await clock.advance(1e9);
  expect(ran).toBe(1);
  expect(clock.pending).toBe(1);
});

test("a cancelled timer does not run; cancelling again or too late is harmless", async () => {
  const clock = manualClock();
  const ran: number[] = [];
  const cancels = [3, 1, 2, 1].map((delay) => clock.schedule(delay, () => void ran.push(delay)));
  cancels[1]!();
  cancels[1]!();
  expect(clock.pending).toBe(3);
  await clock.advance(5);
  expect(ran).toEqual([1, 2, 3]);
  for (const cancel of cancels) cancel();
  expect(clock.pending).toBe(0);
  expect(clock.next).toBeNull();
});

test("a task may cancel another that is due at the same time", async () => {
  const clock = manualClock();
  const ran: string[] = [];
  clock.schedule(1, () => {
    ran.push("one");
    cancel();
  });
  const cancel = clock.schedule(1, () => void ran.push("two"));
  await clock.advance(1);
  expect(ran).toEqual(["one"]);
});

test("what is scheduled while advancing runs too if it is due", async () => {
  const clock = manualClock();
  const ran: number[] = [];
  const again = (): void => {
    ran.push(clock.now());
    clock.schedule(10, again);
  };
  clock.schedule(10, again);
  await clock.advance(35);
  expect(ran).toEqual([10, 20, 30]);
  expect(clock.next).toBe(40);
});

test("promises settle before the first task, between tasks and after the last", async () => {
  const clock = manualClock();
  const ran: string[] = [];
  const hops = async (depth: number): Promise<void> => {
    if (depth > 0) await hops(depth - 1);
  };
  void hops(15).then(() => clock.schedule(10, () => void ran.push("early")));
  clock.schedule(20, () => {
    void hops(15).then(() => clock.schedule(0, () => void ran.push(`then@${clock.now()}`)));
  });
  clock.schedule(30, () => void hops(15).then(() => ran.push("last")));
  await clock.advance(30);
  expect(ran).toEqual(["early", "then@20", "last"]);
});

test.each([
  [64, undefined],
  [3, 3],
])("settling waits for %i turns with the option %o", async (expected, option) => {
  const clock = manualClock({ turns: option });
  let turns = 0;
  const chain = async (): Promise<void> => {
    while (turns < 1_000) {
      await Promise.resolve();
      turns++;
    }
  };
  void chain();
  await clock.settle();
  // One more: the turn in which this function itself goes on.
  expect(turns).toBe(expected + 1);
});

test("settling waits for 20 functions that return each other's promise", async () => {
  const clock = manualClock();
  let settled = false;
  const hops = async (depth: number): Promise<void> => (depth > 1 ? hops(depth - 1) : undefined);
  void hops(20).then(() => (settled = true));
  await clock.settle();
  expect(settled).toBe(true);
});

test("advancing to a time that has passed runs only what is overdue", async () => {
  const clock = manualClock({ now: 50 });
  const ran: string[] = [];
  clock.schedule(0, () => void ran.push("due"));
  clock.schedule(1, () => void ran.push("not due"));
  await clock.advanceTo(20);
  expect(clock.now()).toBe(50);
  expect(ran).toEqual(["due"]);
  await clock.advanceTo(51);
  expect(ran).toEqual(["due", "not due"]);
});

test("advancing synchronously lets no promise settle in between", async () => {
  const clock = manualClock();
  const ran: string[] = [];
  clock.schedule(1, () => void Promise.resolve().then(() => ran.push("promise")));
  clock.schedule(2, () => void ran.push("task"));
  clock.advanceSync(10);
  expect(ran).toEqual(["task"]);
  expect(clock.now()).toBe(10);
  await clock.settle();
  expect(ran).toEqual(["task", "promise"]);
});

test("after a jump timers run late, once", async () => {
  const clock = manualClock();
  const ran: number[] = [];
  clock.schedule(10, () => void ran.push(clock.now()));
  clock.schedule(70_000, () => void ran.push(clock.now()));
  clock.jump(60_000);
  await clock.settle();
  expect(ran).toEqual([]);
  expect(clock.next).toBe(10);
  await clock.advance(0);
  expect(ran).toEqual([60_000]);
  expect(clock.now()).toBe(60_000);
  await clock.advance(10_000);
  expect(ran).toEqual([60_000, 70_000]);
});

test("time does not run backwards", () => {
  const clock = manualClock();
  expect(() => clock.advance(-1)).toThrow(new RangeError("Time moves forward only, not by -1 ms"));
  expect(() => clock.advanceSync(NaN)).toThrow(RangeError);
  expect(() => clock.jump(-1)).toThrow(RangeError);
});

test("two calls at once are a fault of the test and say so", async () => {
  const clock = manualClock();
  const first = clock.advance(10);
  await expect(clock.advance(10)).rejects.toThrow("The clock is advancing");
  await first;
  await clock.advance(10);
  expect(clock.now()).toBe(20);
});

test("a task that throws rejects the call, at its own time, and the clock goes on", async () => {
  const clock = manualClock();
  clock.schedule(5, () => {
    throw new Error("task");
  });
  await expect(clock.advance(10)).rejects.toThrow("task");
  expect(clock.now()).toBe(5);
  expect(clock.pending).toBe(0);
  await clock.advance(5);
  expect(clock.now()).toBe(10);
});

test("many timers, half of them cancelled, still run in order", () => {
  const clock = manualClock();
  const expected: number[] = [];
  const ran: number[] = [];
  const cancels: (() => void)[] = [];
  let seed = 1;
  for (let i = 0; i < 20_000; i++) {
    seed = (seed * 48_271) % 2_147_483_647;
    const delay = seed % 5_000;
    const cancel = clock.schedule(delay, () => void ran.push(delay));
    if (seed % 2 === 0) cancels.push(cancel);
    else expected.push(delay);
  }
  for (const cancel of cancels) cancel();
  expect(clock.pending).toBe(expected.length);
  clock.advanceSync(5_000);
  expect(ran).toEqual(expected.toSorted((a, b) => a - b));
});
