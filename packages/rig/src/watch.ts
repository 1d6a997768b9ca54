/** What became of a promise so far. */
export interface Outcome<T> {
  status: "pending" | "resolved" | "rejected";
  value: T | undefined;
  error: unknown;
}

/** Watches a promise, so that its rejection is not an unhandled one. */
export function watch<T>(promise: Promise<T>): Outcome<T> {
  const outcome: Outcome<T> = { status: "pending", value: undefined, error: undefined };
  promise.then(
    (value) => Object.assign(outcome, { status: "resolved", value }),
    (error: unknown) => Object.assign(outcome, { status: "rejected", error }),
  );
  return outcome;
}
