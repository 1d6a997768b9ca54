import { check, number, retries } from "./rules.ts";
import type { RetryStrategy } from "./strategy.ts";

/** Options of {@link exponentialBackoff}. */
export interface ExponentialBackoffOptions {
  /**
   * Base of the first delay in milliseconds, at most `max`.
   *
   * @defaultValue 1_000 ms
   */
  readonly initial?: number | undefined;
  /**
   * No delay is longer, in milliseconds.
   *
   * @defaultValue 60_000 ms
   */
  readonly max?: number | undefined;
  /**
   * By how much the base grows with each retry, at least 1.
   *
   * @defaultValue 2
   */
  readonly factor?: number | undefined;
  /**
   * How chance spreads a delay, `b` being `min(max, initial * factor ** (attempt - 1))`:
   *
   * | value | delay |
   * |---|---|
   * | `"full"` | `U(0, b)` |
   * | `"equal"` | `b / 2 + U(0, b / 2)` |
   * | `"decorrelated"` | `min(max, U(initial, 3 * previousDelay))`, first `initial`; `factor` plays no part |
   * | a fraction `j` of 0 to 1 | `b * (1 - j * U(0, 1))` |
   * | `"none"` | `b` |
   *
   * Delays are not rounded. The cap comes before the spread: capping last would send every client back at
   * the same moment once their delays reach `max`. Only `"decorrelated"` caps last, by its definition.
   *
   * @defaultValue "full"
   */
  readonly jitter?: "full" | "equal" | "decorrelated" | "none" | number | undefined;
  /**
   * Retries of one outage, the first dial not counted; 0 never retries.
   *
   * @defaultValue Infinity
   */
  readonly maxAttempts?: number | undefined;
  /**
   * Name of the strategy in errors and logs.
   *
   * @defaultValue "exponential-backoff"
   */
  readonly name?: string | undefined;
}

/**
 * Delays that grow from `initial` by `factor` up to `max`, spread by `jitter`. They never overflow,
 * however many attempts.
 *
 * @throws RetryOptionsError listing every option that cannot work.
 */
export function exponentialBackoff({
  initial = 1_000,
  max = 60_000,
  factor = 2,
  jitter = "full",
  maxAttempts = Infinity,
  name = "exponential-backoff",
}: ExponentialBackoffOptions = {}): RetryStrategy {
  const jitters: readonly unknown[] = ["full", "equal", "decorrelated", "none"];
  check(
    // An impossible `max` is its own fault only.
    number("initial", initial, 0, number("max", max) === true ? max : undefined),
    number("max", max),
    number("factor", factor, 1),
    jitters.includes(jitter) || number(`jitter, unless ${jitters.join()},`, jitter, 0, 1),
    retries("maxAttempts", maxAttempts),
  );
  return {
    name,
    nextDelay({ attempt, previousDelay, random }) {
      if (attempt > maxAttempts) return null;
      if (jitter === "decorrelated") {
        // Servers and plugins change delays, so 3 * previousDelay may be below initial, or Infinity.
        const range = Math.max(0, 3 * previousDelay! - initial);
        return Math.min(max, initial + random() * range || initial);
      }
      // The power reaches Infinity, and 0 * Infinity is NaN.
      const base = Math.min(max, initial * factor ** (attempt - 1)) || 0;
      if (jitter === "none") return base;
      if (jitter === "full") return base * random();
      if (jitter === "equal") return (base / 2) * (1 + random());
      return base * (1 - jitter * random());
    },
  };
}
