import type { RetryStrategy } from "./strategy.ts";

/** Gives up at the first failure. */
export function noRetry(): RetryStrategy {
  return { name: "no-retry", nextDelay: () => null };
}
