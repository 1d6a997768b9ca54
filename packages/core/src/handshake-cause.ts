import { HandshakeError, isStreamTungsteniteError } from "./errors.ts";
import type { DisconnectCause } from "./errors.ts";

/** What a failed handshake means for the connection. */
export function handshakeCause(error: unknown, step: string): DisconnectCause {
  // Across two copies of the package: a refusal has to stay a refusal.
  if (isStreamTungsteniteError(error) && ("step" in error || "close" in error)) {
    return nameStep(error as DisconnectCause, step);
  }
  const detail = error instanceof Error ? `: ${error.message}` : "";
  return new HandshakeError(`Handshake '${step}' failed${detail}`, { step, cause: error });
}

/** Lets a handshake's error that names no step say which one it was. */
export function nameStep<E>(error: E, step: string): E {
  const unnamed = error as { step?: string } | null;
  if (isStreamTungsteniteError(error) && unnamed?.step === "") unnamed.step = step;
  return error;
}
