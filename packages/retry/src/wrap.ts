import { check, type Finding } from "./rules.ts";
import type { RetryContext, RetryStrategy } from "./strategy.ts";

/**
 * A strategy that gives up where `goesOn` is false and is the given one in all else.
 *
 * Members are read from the original at the time of use, and methods run on the original: a spread copy
 * would lose the methods of a class and go stale, inheriting alone would break private fields.
 */
export function wrap<C>(
  strategy: RetryStrategy<C>,
  finding: Finding,
  goesOn: (context: RetryContext<C>) => boolean,
): RetryStrategy<C> {
  // From JavaScript anything may come.
  const given = strategy as RetryStrategy<C> | null | undefined;
  check(!!given?.nextDelay || "strategy must have nextDelay()", finding);
  const nextDelay = (context: RetryContext<C>): number | null =>
    goesOn(context) ? strategy.nextDelay(context) : null;
  // A stand-in is proxied, since a frozen target would not let its methods be replaced by bound ones.
  return new Proxy(
    { __proto__: strategy, ...strategy },
    {
      get(_, key) {
        const member = key === "nextDelay" ? nextDelay : (strategy as Members)[key];
        return typeof member === "function" ? member.bind(strategy) : member;
      },
    },
  );
}

type Members = RetryStrategy & Readonly<Record<PropertyKey, unknown>>;
