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
export const nextTurn: () => Promise<void> =
  typeof setImmediate === "function"
    ? () => new Promise((resolve) => setImmediate(resolve))
    : nextTurnOfBrowser();

/** A message to oneself: browsers hold timers back for some milliseconds. */
function nextTurnOfBrowser(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.addEventListener("message", () => waiting.shift()?.());
  port1.start();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
