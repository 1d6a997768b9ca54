import type { Waiting } from "./client.ts";
import type { Clock } from "./clock.ts";
import { abortSignal, checked, rule } from "./rules.ts";
import type { Rules } from "./rules.ts";

/**
 * A promise with a deadline and an abort signal, settled from outside. Whatever settles it first wins and
 * takes the timer and the abort listener away.
 */
export class Pending<T> {
  readonly promise: Promise<T>;
  #resolve: ((value: unknown) => void) | null = null;
  #reject: ((error: unknown) => void) | null = null;
  #cancelTimer: (() => void) | undefined;
  #ignoreSignal: (() => void) | undefined;
  readonly #onAbandon: (() => unknown) | undefined;

  /** `onAbandon` runs before the rejection when time or the signal ends the wait. */
  constructor(
    clock: Clock,
    waiting?: Waiting,
    timedOut?: (timeout: number) => Error,
    onAbandon?: () => unknown,
  ) {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve as (value: unknown) => void;
      this.#reject = reject;
    });
    // It may be ignored: where it must not be, an async function hands it on.
    this.promise.catch(ignore);
    this.#onAbandon = onAbandon;
    try {
      const { timeout, signal } = checkWaiting(waiting);
      if (signal) {
        const abort = (): void => this.#abandon(signal.reason);
        signal.addEventListener("abort", abort);
        this.#ignoreSignal = () => signal.removeEventListener("abort", abort);
      }
      if (timeout !== undefined && timedOut) {
        this.#cancelTimer = clock.schedule(timeout, () => this.#abandon(timedOut(timeout)));
      }
    } catch (error) {
      // Whoever makes this has nothing to undo yet.
      this.reject(error);
    }
  }

  get settled(): boolean {
    return this.#resolve === null;
  }

  resolve(value: T): void {
    const resolve = this.#resolve;
    this.#finish();
    resolve?.(value);
  }

  reject(error: unknown): void {
    const reject = this.#reject;
    this.#finish();
    reject?.(error);
  }

  #abandon(error: unknown): void {
    this.#onAbandon?.();
    this.reject(error);
  }

  #finish(): void {
    if (this.settled) return;
    this.#resolve = null;
    this.#reject = null;
    this.#cancelTimer?.();
    this.#ignoreSignal?.();
  }
}

function ignore(): void {}

const rules: Rules<Waiting> = {
  timeout: /* @__PURE__ */ rule<number | undefined>(
    undefined,
    "a number of milliseconds, 0 or more,",
    (value) => typeof value === "number" && value >= 0,
  ),
  signal: abortSignal,
};

/** @throws ConfigurationError that lists every fault; the reason of a signal that has aborted */
export function checkWaiting(waiting?: Waiting): Waiting {
  if (waiting === undefined) return {};
  const { timeout, signal } = Object(waiting) as Waiting;
  // What else there is belongs to others.
  checked(rules, Object(waiting) === waiting ? { timeout, signal } : waiting);
  signal?.throwIfAborted();
  return waiting;
}
