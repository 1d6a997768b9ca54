import { fault } from "./options.ts";
import type { RetryContext, RetryStrategy } from "./strategy.ts";
import { wrap } from "./wrap.ts";

/**
 * Gives up unless the predicate says that a retry may help. Every other member of the strategy is passed
 * on.
 *
 * @throws RetryOptionsError listing everything that cannot work.
 */
export function onlyWhen<C>(
  strategy: RetryStrategy<NoInfer<C>>,
  when: (context: RetryContext<C>) => boolean,
): RetryStrategy<C> {
  const wrong = fault(typeof when === "function", "when", "a function", when);
  return wrap<C>("onlyWhen", strategy, wrong, when);
}
