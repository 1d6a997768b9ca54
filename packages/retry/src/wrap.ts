import { fault, rejectFaults, type Fault } from "./options.ts";
import type { RetryContext, RetryStrategy } from "./strategy.ts";

/**
 * A strategy that gives up where `goesOn` is false and is the given one in all else.
 *
 * Members are read from the original at the time of use and its methods run on the original, so a class
 * with private fields, getters or further hooks keeps working. Spreading it or inheriting from it would
 * lose the prototype's members or break the private fields.
 */
export function wrap<C>(
  call: string,
  strategy: RetryStrategy<C>,
  optionFault: Fault,
  goesOn: (context: RetryContext<C>) => boolean,
): RetryStrategy<C> {
  const fine =
    typeof (strategy as Partial<RetryStrategy> | null | undefined)?.nextDelay === "function";
  rejectFaults(call, [
    fault(fine, "strategy", "an object with nextDelay()", strategy),
    optionFault,
  ]);

  const bind = (member: unknown): unknown =>
    typeof member === "function" ? member.bind(strategy) : member;
  const wrapped: Record<PropertyKey, unknown> = {};
  for (
    let owner: object = strategy;
    owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner) as object
  ) {
    for (const key of Reflect.ownKeys(owner)) {
      if (key === "constructor" || Object.hasOwn(wrapped, key)) continue;
      const { value, enumerable } = Object.getOwnPropertyDescriptor(
        owner,
        key,
      ) as PropertyDescriptor;
      Object.defineProperty(wrapped, key, {
        enumerable: enumerable === true,
        configurable: true,
        // A method is bound once: a hook that runs per message must not allocate.
        ...(typeof value === "function"
          ? { value: bind(value), writable: true }
          : {
              get: () => bind(Reflect.get(strategy, key)),
              set: (next: unknown) => Reflect.set(strategy, key, next),
            }),
      });
    }
  }
  return Object.defineProperty(wrapped, "nextDelay", {
    value: (context: RetryContext<C>) => (goesOn(context) ? strategy.nextDelay(context) : null),
  }) as unknown as RetryStrategy<C>;
}
