import { manualClock } from "@stream-tungstenite/core/testing";

/** What something threw, or rejected with, before any time passed; `null` when it did neither. */
export async function refusal(make: () => unknown): Promise<unknown> {
  let error: unknown = null;
  try {
    const made = make();
    if (made instanceof Promise) made.catch((reason: unknown) => (error = reason));
  } catch (reason) {
    return reason;
  }
  await manualClock().settle();
  return error;
}

/** The faults that an error lists: those of a ConfigurationError, or of the one of `retry`. */
export function faultsOf(error: unknown): readonly string[] {
  const { code, faults } = Object(error) as { readonly code?: unknown; readonly faults?: unknown };
  const isOurs = code === "CONFIGURATION" || error instanceof RangeError;
  return isOurs && Array.isArray(faults) ? faults : [];
}
