import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";

describe("the platform's clock", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("tells milliseconds since the epoch", () => {
    expect(systemClock.now()).toBe(1_700_000_000_000);
  });

  test("runs a task once, after the delay", () => {
    const task = vi.fn<() => void>();
    systemClock.schedule(100, task);
    vi.advanceTimersByTime(99);
    expect(task).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(task).toHaveBeenCalledTimes(1);
  });

  test("cancels a task and leaves no timer behind", () => {
    const task = vi.fn<() => void>();
    systemClock.schedule(100, task)();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("waits longer than the platform's timers can, which would fire at once", () => {
    const task = vi.fn<() => void>();
    const delay = 3 * 2 ** 31;
    systemClock.schedule(delay, task);
    vi.advanceTimersByTime(delay - 1);
    expect(task).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(task).toHaveBeenCalledTimes(1);
  });

  test("cancels a long wait in its second part too", () => {
    const task = vi.fn<() => void>();
    const cancel = systemClock.schedule(2 ** 31 + 10, task);
    vi.advanceTimersByTime(2 ** 31);
    cancel();
    vi.advanceTimersByTime(1_000);
    expect(task).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
