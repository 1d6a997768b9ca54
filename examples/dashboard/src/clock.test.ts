import { systemClock } from "@stream-tungstenite/core";
import { manualClock } from "@stream-tungstenite/core/testing";
import { expect, it } from "vitest";
import { every, fineClock } from "./clock.ts";

it("calls a task again and again, until it is stopped", async () => {
  const clock = manualClock();
  let calls = 0;
  const stop = every(clock, 100, () => calls++);
  await clock.advance(350);
  expect(calls).toBe(3);
  stop();
  await clock.advance(1_000);
  expect(calls).toBe(3);
  expect(clock.pending).toBe(0);
});

it("lets a task stop itself", async () => {
  const clock = manualClock();
  let calls = 0;
  const stop = every(clock, 100, () => {
    calls++;
    stop();
  });
  await clock.advance(1_000);
  expect(calls).toBe(1);
});

it("tells time in milliseconds since the epoch", () => {
  expect(Math.abs(fineClock.now() - systemClock.now())).toBeLessThan(60_000);
});
