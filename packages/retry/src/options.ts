import { RetryOptionsError } from "./retry-options-error.ts";

/** What is wrong with an option; `false` if nothing is. */
export type Fault = string | false;

/** Says what `option` must be, unless it is. */
export function fault(fine: boolean, option: string, rule: string, value: unknown): Fault {
  return !fine && `${option} must be ${rule}, got ${show(value)}`;
}

/** Throws one error for all faults of a call, if there are any. */
export function rejectFaults(call: string, faults: readonly Fault[]): void {
  const found = faults.filter((found) => found !== false).map((found) => `${call}: ${found}`);
  if (found.length > 0) throw new RetryOptionsError(found);
}

/** Checks a time span in milliseconds. */
export function duration(option: string, value: unknown): Fault {
  return fault(
    Number.isFinite(value) && (value as number) >= 0,
    option,
    "a finite number >= 0",
    value,
  );
}

/** Checks a number of retries. */
export function retries(option: string, value: unknown): Fault {
  const fine = value === Infinity || (Number.isInteger(value) && (value as number) >= 0);
  return fault(fine, option, "an integer >= 0 or Infinity", value);
}

/** Whether `value` is a number from 0 to 1. */
export function isFraction(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}

/** Checks the name of a strategy. */
export function nameFault(value: unknown): Fault {
  return fault(typeof value === "string" && value !== "", "name", "a non-empty string", value);
}

/** Text for people. Objects show their type only: turning them into text may run code or throw. */
function show(value: unknown): string {
  if (typeof value === "string") return `"${value}"`;
  return Object(value) === value ? typeof value : String(value);
}
