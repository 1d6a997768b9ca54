/** What impossible options throw, at once and before any retry. */
export interface RetryOptionsError extends RangeError {
  /** Everything that was wrong with the call, each with the option, what it must be and its value. */
  readonly faults: readonly string[];
}

/** `true`, or what is wrong. */
export type Finding = true | string;

/** Throws one error for all that is wrong, if anything is. */
export function check(...findings: readonly Finding[]): void {
  const faults = findings.filter((finding) => finding !== true);
  if (faults[0]) throw Object.assign(RangeError(faults.join("\n")), { faults });
}

/** A number from `least` to `most`, both included; with a `step` of 1 an integer. NaN never passes. */
export function number(
  option: string,
  value: unknown,
  least = 0,
  most: number = Number.MAX_VALUE,
  step = 0,
): Finding {
  return (
    // The remainder is NaN, hence no fault, for Infinity and for a step of 0.
    (typeof value === "number" && value >= least && value <= most && !(value % step)) ||
    // Short, and without calling any method of the value: some have none.
    `${option} must be ${step ? "an integer " : ""}from ${least} to ${most}, got ${String(Object(value) === value ? typeof value : value).slice(0, 50)}`
  );
}

/** A number of retries: an integer or Infinity. */
export function retries(option: string, value: unknown): Finding {
  return number(option, value, 0, Infinity, 1);
}
