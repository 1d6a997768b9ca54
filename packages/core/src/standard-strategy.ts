import type { RetryStrategy } from "./plugin.ts";

/**
 * The strategy of a client that is given none: `exponentialBackoff()` with nothing to choose and nothing to
 * check, so that an application that never names it does not carry the rest.
 */
export const standardStrategy: RetryStrategy = {
  name: "exponential-backoff",
  nextDelay: ({ attempt, random }) => random() * Math.min(60_000, 1_000 * 2 ** (attempt - 1)),
};
