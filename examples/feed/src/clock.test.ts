import { getEventListeners } from "node:events";
import { manualClock } from "@stream-tungstenite/core/testing";
import { expect, test } from "vitest";
import { every, sleep, systemClock } from "./clock.ts";

test("a sleeper wakes when its time has come", async () => {
  const clock = manualClock();
  let awake = false;
  void sleep(clock, 100).then(() => (awake = true));
  await clock.advance(99);
  expect(awake).toBe(false);
  await clock.advance(1);
  expect(awake).toBe(true);
});

test("a sleeper wakes early on an abort and leaves no timer behind", async () => {
  const clock = manualClock();
  const controller = new AbortController();
  const sleeping = sleep(clock, 100, controller.signal);
  controller.abort();
  await sleeping;
  expect(clock.pending).toBe(0);
});

test("a sleeper that woke has forgotten the signal", async () => {
  const clock = manualClock();
  const { signal } = new AbortController();
  const sleeping = sleep(clock, 100, signal);
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  await clock.advance(100);
  await sleeping;
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

test("nobody falls asleep once aborted, or for no time", async () => {
  const clock = manualClock();
  await sleep(clock, 100, AbortSignal.abort());
  await sleep(clock, 0);
  await sleep(clock, -5);
  expect(clock.pending).toBe(0);
});

test("a repeated task runs once an interval until it is stopped", async () => {
  const clock = manualClock();
  let runs = 0;
  const stop = every(clock, 10, () => runs++);
  await clock.advance(35);
  expect(runs).toBe(3);
  stop();
  await clock.advance(100);
  expect(runs).toBe(3);
  expect(clock.pending).toBe(0);
});

test("a repeated task may stop itself", async () => {
  const clock = manualClock();
  let runs = 0;
  const stop = every(clock, 10, () => {
    runs++;
    stop();
  });
  await clock.advance(100);
  expect(runs).toBe(1);
  expect(clock.pending).toBe(0);
});

test("the system's clock calls back, unless it is cancelled", async () => {
  const calls: string[] = [];
  const cancel = systemClock.schedule(0, () => calls.push("cancelled"));
  cancel();
  await new Promise<void>((resolve) => {
    systemClock.schedule(1, resolve);
  });
  expect(calls).toEqual([]);
  expect(systemClock.now()).toBeGreaterThan(0);
});
