import { describe, expect, test } from "vitest";
import { IdleTimeoutError } from "./errors.ts";
import type { Link } from "./link.ts";
import { watchSilence } from "./silence.ts";
import { manualClock } from "./testing/index.ts";
import type { ManualClock } from "./testing/index.ts";

interface Watched {
  readonly clock: ManualClock;
  readonly link: { received: number; paused: boolean };
  readonly lost: unknown[];
}
function watched(timeout: number): Watched {
  const clock = manualClock();
  const lost: unknown[] = [];
  const link = { received: 1, paused: false, lose: (cause: unknown) => lost.push(cause) };
  watchSilence(link as unknown as Link, timeout, (delay, task) => {
    if (delay > 0) clock.schedule(delay, task);
  });
  return { clock, link, lost };
}

describe("silence", () => {
  test("ends the connection after the timeout, once", async () => {
    const { clock, lost } = watched(400);
    await clock.advance(399);
    expect(lost).toEqual([]);
    await clock.advance(1);
    expect(lost).toEqual([
      new IdleTimeoutError(
        { code: 1006, reason: "", wasClean: false },
        "Nothing was received for 400 ms",
      ),
    ]);
    await clock.advance(10_000);
    expect(lost.length).toBe(1);
  });

  test("begins anew with whatever is received", async () => {
    const { clock, link, lost } = watched(400);
    await clock.advance(350);
    link.received++;
    await clock.advance(449);
    expect(lost).toEqual([]);
    await clock.advance(1);
    expect(lost.length).toBe(1);
  });

  test("does not count while receiving is paused", async () => {
    const { clock, link, lost } = watched(400);
    await clock.advance(350);
    link.paused = true;
    await clock.advance(10_000);
    link.paused = false;
    await clock.advance(350);
    expect(lost).toEqual([]);
    await clock.advance(100);
    expect(lost.length).toBe(1);
  });

  test("is not judged by a timer that fires late, after a sleep", async () => {
    const { clock, link, lost } = watched(400);
    await clock.advance(50);
    clock.jump(1_000_000);
    await clock.advance(299);
    expect(lost).toEqual([]);
    link.received++;
    await clock.advance(300);
    expect(lost).toEqual([]);
  });

  test("is never looked for with a timeout of 0", () => {
    const { clock } = watched(0);
    expect(clock.pending).toBe(0);
  });
});
