/** Options that cannot work. Thrown at once, before any retry; `faults` lists all of them. */
export class RetryOptionsError extends RangeError {
  override readonly name: string = "RetryOptionsError";
  /** Stable: safe to compare with. */
  readonly code: string = "RETRY_OPTIONS";
  /** The same options would fail again. */
  readonly retryable: boolean = false;
  /** Each names the function, the option, what it must be and the value given. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.length === 1 ? faults[0] : [`${faults.length} faults:`, ...faults].join("\n- "));
    this.faults = faults;
  }
}
