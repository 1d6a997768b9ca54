import { manualClock } from "@stream-tungstenite/core/testing";
import type { ManualClock } from "@stream-tungstenite/core/testing";
import { expect, test } from "vitest";
import { Rota } from "./rota.ts";
import type { Turn } from "./rota.ts";

const interval = 1_000;

interface Caller extends Turn {
  join(delay: number, index?: 0 | 1 | 2): void;
  leave(): void;
}

/** A rota, and what it called at what time. */
function rota(clock: ManualClock = manualClock({ now: 1e12 })) {
  const began = clock.now();
  const called: string[] = [];
  const caller = (name: string, task: (caller: Caller) => void = () => {}): Caller => {
    const shared = (): Rota => Rota.of(clock, interval, 500);
    const made: Caller = {
      due: 0,
      before: undefined,
      after: undefined,
      take() {
        called.push(`${name} ${clock.now() - began}`);
        task(made);
      },
      join: (delay, index = 0) => shared().join(made, index, clock.now(), delay),
      leave: () => shared().leave(made),
    };
    return made;
  };
  return { clock, called, caller };
}

test("calls everybody at a time of his own, with one timer", async () => {
  const { clock, called, caller } = rota();
  const again = (made: Caller): void => made.join(interval);
  for (const name of ["a", "b", "c"]) {
    caller(name, again).join(interval);
    await clock.advance(300);
  }
  expect(clock.pending).toBe(1);
  await clock.advance(1_700);
  expect(called).toEqual(["a 1000", "b 1300", "c 1600", "a 2000", "b 2300", "c 2600"]);
  expect(clock.pending).toBe(1);
});

test("keeps the order of time in a line and between lines", async () => {
  const { clock, called, caller } = rota();
  caller("late").join(900);
  caller("early").join(200);
  caller("between").join(500);
  caller("other line").join(300, 1);
  caller("first of all").join(100, 2);
  await clock.advance(interval);
  expect(called).toEqual([
    "first of all 100",
    "early 200",
    "other line 300",
    "between 500",
    "late 900",
  ]);
  expect(clock.pending).toBe(0);
});

test("who joins again is called once, at the later time", async () => {
  const { clock, called, caller } = rota();
  const a = caller("a");
  a.join(300, 2);
  caller("b").join(600);
  a.join(900);
  await clock.advance(interval);
  expect(called).toEqual(["b 600", "a 900"]);
});

test("who leaves is not called, nor is a timer left when nobody waits", async () => {
  const { clock, called, caller } = rota();
  const [a, b, c] = [caller("a"), caller("b"), caller("c")] as const;
  a.join(100);
  b.join(200);
  c.join(300);
  b.leave();
  b.leave();
  a.leave();
  expect(clock.next).toBe(clock.now() + 300);
  const shared = Rota.of(clock, interval, 500);
  c.leave();
  expect(clock.pending).toBe(0);
  expect(Rota.of(clock, interval, 500)).not.toBe(shared);
  await clock.advance(interval);
  expect(called).toEqual([]);
});

test("who is called may send others away, and join again", async () => {
  const { clock, called, caller } = rota();
  const b = caller("b");
  const a = caller("a", () => {
    b.leave();
    a.join(50);
    c.join(20);
  });
  const c = caller("c");
  a.join(100);
  b.join(100);
  c.join(100, 1);
  await clock.advance(199);
  expect(called).toEqual(["a 100", "c 120", "a 150", "c 170"]);
});

test("one that throws keeps nobody else waiting", async () => {
  const { clock, called, caller } = rota();
  caller("a", () => {
    throw new Error("no");
  }).join(100);
  caller("b").join(100);
  caller("c").join(200);
  await expect(clock.advance(300)).rejects.toThrow("no");
  await clock.advance(300);
  expect(called).toEqual(
    ["a 100", "b 100", "c 200"].map((each) => expect.stringContaining(each[0]!)),
  );
  expect(called).toHaveLength(3);
});

test("a clock that is set back holds nobody up, nor does setting it right again call anybody early", async () => {
  const { clock, called, caller } = rota();
  const again = (made: Caller): void => made.join(interval);
  const now = clock.now.bind(clock);
  let skew = 0;
  const began = now();
  const at: number[] = [];
  for (const name of ["a", "b", "c"]) {
    caller(name, (made) => {
      at.push(now() - began);
      again(made);
    }).join(interval);
    await clock.advance(300);
  }
  clock.now = () => now() - skew;
  skew = 86_400_000;
  await clock.advance(2_000);
  skew = 0;
  await clock.advance(1_000);
  expect(called.map((each) => each[0])).toEqual(Array.from("abcabcabc"));
  expect(at).toEqual([1_000, 1_300, 1_600, 2_000, 2_300, 2_600, 3_000, 3_300, 3_600]);
});

test("timers that come a millisecond early by the clock do not make time pass faster", async () => {
  const { clock, called, caller } = rota();
  const now = clock.now.bind(clock);
  const schedule = clock.schedule.bind(clock);
  let early = 0;
  clock.now = () => {
    const shown = now() - early;
    early = 0;
    return shown;
  };
  clock.schedule = (delay, task) =>
    schedule(delay, () => {
      early = 1;
      task();
    });
  caller("a").join(interval);
  caller("b", (made) => made.join(10, 2)).join(10, 2);
  await clock.advance(interval + 5);
  expect(called.filter((each) => each.startsWith("a"))).toEqual(["a 1000"]);
  expect(called).toHaveLength(101);
});

test("after a sleep they do not call all at once", async () => {
  const { clock, called, caller } = rota();
  for (const name of ["a", "b", "c"]) {
    caller(name, (made) => made.join(interval)).join(interval);
    await clock.advance(300);
  }
  const slept = 3_600_000;
  clock.jump(slept);
  await clock.advance(1_000);
  const times = called.map((each) => Number(each.slice(2)) - slept);
  expect(times).toEqual([900, 1_200, 1_500, 1_900]);
});

test("who joins after a sleep, before the timer, waits no longer than he says", async () => {
  const { clock, called, caller } = rota();
  const [a, b] = [caller("a"), caller("b")];
  a.join(500);
  b.join(800);
  clock.jump(3_600_000);
  b.join(700);
  await clock.advance(interval);
  expect(called).toEqual(["a 3600000", "b 3600700"]);
});

test("others on the same clock with other settings, and other clocks, are not touched", async () => {
  const clock = manualClock();
  const { caller, called } = rota(clock);
  const other = caller("other");
  const own = caller("own");
  Rota.of(clock, 2_000, 500).join(other, 0, clock.now(), 50);
  own.join(100);
  expect(clock.pending).toBe(2);
  own.leave();
  expect(clock.pending).toBe(1);
  await clock.advance(100);
  expect(called).toEqual(["other 50"]);
  expect(Rota.of(clock, interval, 500)).not.toBe(Rota.of(manualClock(), interval, 500));
});
