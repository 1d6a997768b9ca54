import { retries } from "./rules.ts";
import type { RetryStrategy } from "./strategy.ts";
import { wrap } from "./wrap.ts";

/**
 * Gives up after so many retries of one outage, the first dial not counted. Every other member of the
 * strategy is passed on.
 *
 * @param attempts - An integer; 0 never retries, `Infinity` sets no limit.
 * @throws RetryOptionsError listing everything that cannot work.
 */
export function limitAttempts<C>(strategy: RetryStrategy<C>, attempts: number): RetryStrategy<C> {
  return wrap(strategy, retries("attempts", attempts), ({ attempt }) => attempt <= attempts);
}
