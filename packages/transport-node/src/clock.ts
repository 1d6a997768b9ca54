/** What the transport needs of time; tests move it by hand. */
export interface TransportClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `task` once after `delay` milliseconds; the function returned cancels it. */
  schedule(delay: number, task: () => void): () => void;
}

/** The platform's clock. */
export const clock: TransportClock = {
  now: () => Date.now(),
  schedule(delay, task) {
    const timer = setTimeout(task, delay);
    return () => clearTimeout(timer);
  },
};

/**
 * Calls `task` when this turn of the event loop is over.
 *
 * `setImmediate`, not `process.nextTick`: promise continuations of a turn belong to it, and a tick would
 * run between the synchronous part and them.
 */
export function atEndOfTurn(task: () => void): void {
  setImmediate(task);
}
