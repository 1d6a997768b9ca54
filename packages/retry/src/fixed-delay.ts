import { check, number, retries } from "./rules.ts";
import type { RetryStrategy } from "./strategy.ts";

/** Options of {@link fixedDelay}. */
export interface FixedDelayOptions {
  /**
   * Retries of one outage, the first dial not counted; 0 never retries.
   *
   * @defaultValue Infinity
   */
  readonly maxAttempts?: number | undefined;
  /**
   * The fraction of each delay that chance may take away, 0 to 1: `delay * (1 - jitter * U(0, 1))`.
   *
   * @defaultValue 0
   */
  readonly jitter?: number | undefined;
  /**
   * Name of the strategy in errors and logs.
   *
   * @defaultValue "fixed-delay"
   */
  readonly name?: string | undefined;
}

/**
 * The same delay, in milliseconds, before every retry.
 *
 * @throws RetryOptionsError listing everything that cannot work.
 */
export function fixedDelay(delay: number, options: FixedDelayOptions = {}): RetryStrategy {
  const { jitter = 0, maxAttempts = Infinity, name = "fixed-delay" } = options;
  check(
    number("delay", delay),
    number("jitter", jitter, 0, 1),
    retries("maxAttempts", maxAttempts),
  );
  return {
    name,
    nextDelay: ({ attempt, random }) =>
      attempt > maxAttempts ? null : delay * (1 - jitter * random()),
  };
}
