import { number } from "./rules.ts";
import type { RetryStrategy } from "./strategy.ts";
import { wrap } from "./wrap.ts";

/**
 * Gives up once an outage has lasted so many milliseconds. A wait that began before is waited out, so
 * the last attempt may come up to one delay later. Every other member of the strategy is passed on.
 *
 * @param elapsed - Milliseconds; 0 never retries, `Infinity` sets no limit.
 * @throws RetryOptionsError listing everything that cannot work.
 */
export function limitElapsed<C>(strategy: RetryStrategy<C>, elapsed: number): RetryStrategy<C> {
  return wrap(
    strategy,
    number("elapsed", elapsed, 0, Infinity),
    (context) => context.elapsed < elapsed,
  );
}
