import type { Random } from "./random.ts";

/**
 * What a strategy may look at. The caller keeps the book, so a strategy is pure and may serve many
 * clients at once. All durations are milliseconds.
 */
export interface RetryContext<Cause = unknown> {
  /** 1 for the first retry of this outage. */
  readonly attempt: number;
  /** The wait before the attempt that just failed; `null` before the first retry. */
  readonly previousDelay: number | null;
  /** Since the outage began. */
  readonly elapsed: number;
  /** How long the lost connection had been connected; 0 if it never was. */
  readonly uptime: number;
  /**
   * What the server asked for (`Retry-After`, RFC 9110 §10.2.3), at most one hour; `null` if it asked for
   * nothing. The client applies it as a floor by itself.
   */
  readonly retryAfter: number | null;
  /** Why the attempt or the connection failed. */
  readonly cause: Cause;
  /** The only source of chance a strategy should use, so that a seed repeats a whole outage. */
  readonly random: Random;
}

/**
 * Decides how long to wait before the next attempt. For a stream-tungstenite client it is a plugin by its
 * shape: a name and the `nextDelay` hook.
 */
export interface RetryStrategy<Cause = unknown> {
  /** Names the strategy in errors and logs. */
  readonly name: string;
  /** The wait before the next attempt in milliseconds, finite and >= 0; `null` gives up. */
  nextDelay(context: RetryContext<Cause>): number | null;
}
