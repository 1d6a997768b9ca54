import type { Clock } from "@stream-tungstenite/core";

export type { Clock };

/** The platform's clock and timers: the only place of the demo that touches them. */
export const systemClock: Clock = {
  // Fractions of a millisecond: a round trip on one machine takes no whole one.
  now: () => performance.timeOrigin + performance.now(),
  schedule(delay, task) {
    // With fractions a deadline may have passed by a hair; Node warns of a negative delay.
    const timer = setTimeout(task, Math.max(0, delay));
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delay` milliseconds, or as soon as `signal` aborts: sleepers have nothing to clean up. */
export function sleep(clock: Clock, delay: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true || delay <= 0) {
      resolve();
      return;
    }
    const wake = (): void => {
      cancel();
      signal?.removeEventListener("abort", wake);
      resolve();
    };
    const cancel = clock.schedule(delay, wake);
    signal?.addEventListener("abort", wake, { once: true });
  });
}

/** Calls `task` every `interval` milliseconds until the function returned is called. */
export function every(clock: Clock, interval: number, task: () => void): () => void {
  let cancel: () => void;
  const again = (): void => {
    // Armed before the task runs, so that a task may stop its own timer.
    cancel = clock.schedule(interval, again);
    task();
  };
  cancel = clock.schedule(interval, again);
  return () => cancel();
}
