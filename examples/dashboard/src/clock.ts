import { systemClock, type Clock } from "@stream-tungstenite/core";

/** Time with fractions of a millisecond: a round trip on one machine takes hardly a whole one. */
export const fineClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  schedule: (delay, task) => systemClock.schedule(delay, task),
};

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
