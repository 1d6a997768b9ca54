import { ConnectError, isStreamTungsteniteError } from "./errors.ts";
import type { ConnectPhase } from "./errors.ts";
import type { AttemptContext, Resolved } from "./options.ts";
import { parseUrl, protocolFaults, provide } from "./provide.ts";
import { redactUrl } from "./redact.ts";
import type { CloseInfo } from "./transport.ts";

/** Where to dial, and with which subprotocols. */
interface Target {
  readonly url: string;
  readonly protocols: readonly string[];
}

/**
 * Asks the options that are functions where to dial.
 *
 * @throws ConnectError; not retryable for what can be no target: the same answer would come again
 */
export async function askTarget(options: Resolved, context: AttemptContext): Promise<Target> {
  const url = await provide(options.url, "url", "url", context);
  const protocols = await provide(options.protocols, "protocols", "options", context);
  const faults = protocolFaults(protocols);
  if (faults.length > 0) throw impossible("options", faults.join("; "));
  try {
    return { url: parseUrl(url), protocols };
  } catch (error) {
    throw impossible("url", (error as Error).message);
  }
}

const impossible = (phase: ConnectPhase, message: string): ConnectError =>
  new ConnectError(message, { phase, retryable: false });

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
