import type { RetryContext, RetryStrategy } from "./strategy.ts";
import { wrap } from "./wrap.ts";

/**
 * Gives up unless the predicate says that a retry may help. Every other member of the strategy is passed
 * on.
 *
 * @throws RetryOptionsError if `when` is no function.
 */
export function onlyWhen<C>(
  strategy: RetryStrategy<NoInfer<C>>,
  when: (context: RetryContext<C>) => boolean,
): RetryStrategy<C> {
  return wrap(strategy, typeof when === "function" || "when must be a function", when);
}
