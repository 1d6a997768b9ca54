import { ConnectError, isStreamTungsteniteError } from "./errors.ts";
import { redactUrl } from "./redact.ts";
import type { CloseInfo } from "./transport.ts";

/** Why a dial failed, as far as the transport told. */
export function dialError(url: string, { code, error }: CloseInfo): ConnectError {
  // Across two copies of the package, too: phase and status decide what follows.
  if (isStreamTungsteniteError(error) && "phase" in error) return error as ConnectError;
  const target = redactUrl(url);
  // A transport's message may quote the URL, with all its secrets.
  const detail =
    error instanceof Error ? error.message.replaceAll(url, target) : `close code ${code}`;
  return new ConnectError(`Connecting to ${target} failed: ${detail}`, {
    phase: "unknown",
    cause: error,
    retryable: (error as { retryable?: unknown } | undefined)?.retryable !== false,
  });
}
