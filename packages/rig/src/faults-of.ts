import { ConfigurationError } from "@stream-tungstenite/core";

/** The faults of the `ConfigurationError` that a call throws; none if it throws nothing. */
export function faultsOf(call: () => unknown): readonly string[] {
  try {
    call();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
  return [];
}
