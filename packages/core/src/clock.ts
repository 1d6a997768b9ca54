/** Time as the client sees it. The testing entry point has one that is moved by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `task` once after `delay` milliseconds; the function returned cancels it. */
  schedule(delay: number, task: () => void): () => void;
}

// A longer delay would overflow the platform's 32-bit timer and fire at once.
const longestTimer = 0x7fff_ffff;

/** The platform's clock and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delay, task) {
    if (delay > longestTimer) {
      let cancel = systemClock.schedule(longestTimer, () => {
        cancel = systemClock.schedule(delay - longestTimer, task);
      });
      return () => cancel();
    }
    const timer = setTimeout(task, delay);
    return () => clearTimeout(timer);
  },
};
