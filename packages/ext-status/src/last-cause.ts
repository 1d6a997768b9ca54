import { isStreamTungsteniteError } from "@stream-tungstenite/core";
import type { ClientState, DisconnectCause } from "@stream-tungstenite/core";

/** Why the client is in that state; undefined when no connection and no dial failed for it. */
export function causeOf(state: ClientState): DisconnectCause | undefined {
  if (state.status === "waiting") return state.cause;
  if (state.status !== "closed") return undefined;
  const { cause } = state;
  // Giving up is no cause: what it gave up on is.
  const failure = cause?.code === "RETRIES_EXHAUSTED" ? cause.cause : cause;
  return isDisconnectCause(failure) ? failure : undefined;
}

function isDisconnectCause(error: unknown): error is DisconnectCause {
  return (
    isStreamTungsteniteError(error) &&
    ("phase" in error || "step" in error || "close" in error || "plugin" in error)
  );
}
