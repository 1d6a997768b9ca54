import { duration, fault, rejectFaults } from "./options.ts";
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
  const { repeatLast = false } = options;
  const list = Array.isArray(delays) ? [...(delays as readonly number[])] : [];
  rejectFaults("schedule", [
    fault(list.length > 0, "delays", "a non-empty array", delays),
    ...list.map((delay, index) => duration(`delays[${index}]`, delay)),
    fault(typeof repeatLast === "boolean", "repeatLast", "a boolean", repeatLast),
  ]);
  const last = list.length - 1;
  return {
    name: "schedule",
    nextDelay: ({ attempt }) =>
      list[repeatLast ? Math.min(attempt - 1, last) : attempt - 1] ?? null,
  };
}
