import { check, number } from "./rules.ts";
import type { RetryStrategy } from "./strategy.ts";

/** Options of {@link schedule}. */
export interface ScheduleOptions {
  /**
   * Whether the last delay serves all further retries; otherwise the strategy gives up after it.
   *
   * @defaultValue false
   */
  readonly repeatLast?: boolean | undefined;
}

/**
 * The delays of a list, in milliseconds, one after the other. The list is copied.
 *
 * @throws RetryOptionsError listing everything that cannot work.
 */
export function schedule(delays: readonly number[], options: ScheduleOptions = {}): RetryStrategy {
  const list = [...delays];
  check(
    number("delays.length", list.length, 1),
    ...list.map((delay, index) => number(`delays[${index}]`, delay)),
  );
  const last = options.repeatLast ? list.at(-1)! : null;
  return { name: "schedule", nextDelay: ({ attempt }) => list[attempt - 1] ?? last };
}
