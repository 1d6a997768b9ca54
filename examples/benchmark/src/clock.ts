/** The platform's clock and timers: the only place of the benchmark that touches them. */

/** Milliseconds, with fractions. */
export function now(): number {
  return performance.now();
}

/** The day, as `2026-01-31`. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Calls `task` once after `delay` milliseconds; the function returned cancels it. */
export function after(delay: number, task: () => void): () => void {
  const timer = setTimeout(task, delay);
  return () => clearTimeout(timer);
}

/** Calls `task` every `interval` milliseconds; the function returned stops it. */
export function every(interval: number, task: () => void): () => void {
  const timer = setInterval(task, interval);
  return () => clearInterval(timer);
}

/** Resolves after `delay` milliseconds. */
export function sleep(delay: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delay));
}

/** Resolves when this turn of the event loop is over. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
