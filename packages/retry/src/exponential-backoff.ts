import { duration, fault, isFraction, nameFault, rejectFaults, retries } from "./options.ts";
import type { RetryContext, RetryStrategy } from "./strategy.ts";

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

const jitters: readonly unknown[] = ["full", "equal", "decorrelated", "none"];

/**
 * Delays that grow from `initial` by `factor` up to `max`, spread by `jitter`. They never overflow,
 * however many attempts.
 *
 * @throws RetryOptionsError listing every option that cannot work.
 */
export function exponentialBackoff(options: ExponentialBackoffOptions = {}): RetryStrategy {
  const { initial = 1_000, max = 60_000, factor = 2, jitter = "full" } = options;
  const { maxAttempts = Infinity, name = "exponential-backoff" } = options;
  rejectFaults("exponentialBackoff", [
    duration("initial", initial),
    duration("max", max),
    fault(!(initial > max), "initial", `at most max (${max})`, initial),
    fault(Number.isFinite(factor) && factor >= 1, "factor", "a finite number >= 1", factor),
    fault(
      isFraction(jitter) || jitters.includes(jitter),
      "jitter",
      '"full", "equal", "decorrelated", "none" or a number from 0 to 1',
      jitter,
    ),
    retries("maxAttempts", maxAttempts),
    nameFault(name),
  ]);

  const delay = ({ attempt, previousDelay, random }: RetryContext): number => {
    if (jitter === "decorrelated") {
      if (previousDelay === null) return initial;
      // A previous delay may be 0 or huge (a server's wish, another plugin's), so both ends are held.
      const top = Math.min(Math.max(initial, 3 * previousDelay), Number.MAX_VALUE);
      return Math.min(max, initial + random() * (top - initial));
    }
    // The power reaches Infinity, and 0 * Infinity would be NaN.
    const growth = Math.min(factor ** (attempt - 1), Number.MAX_VALUE);
    const base = Math.min(max, initial * growth);
    if (jitter === "full") return random() * base;
    if (jitter === "equal") return base / 2 + (random() * base) / 2;
    return jitter === "none" ? base : base * (1 - jitter * random());
  };
  return {
    name,
    nextDelay: (context) => (context.attempt > maxAttempts ? null : delay(context)),
  };
}
