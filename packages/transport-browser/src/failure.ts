import { ConnectError, redactUrl, type ConnectPhase } from "@stream-tungstenite/core";

/** The parts of `error` and `close` events that may say why. Browsers fill none of them. */
export interface Told {
  readonly error?: unknown;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
}

/** The reason in an event, without the secrets of a URL: Bun quotes it whole. */
export function errorOf({ error, message, reason }: Told): Error | undefined {
  const thrown = error as { readonly message?: string | number } | null | undefined;
  const text = String(thrown?.message || message || reason || "");
  const safe = text.replace(/\S+/g, (word) => (word.includes("/") ? redactUrl(word) : word));
  if (!safe) return undefined;
  return error instanceof Error && safe === text ? error : new Error(safe);
}

/** Why there is no socket: `cause`, if anybody told. */
export function connectFailure(
  url: string,
  phase: ConnectPhase,
  cause: Error | undefined,
  retryable: boolean,
): ConnectError {
  const option = phase === "options" ? "option 'headers': " : "";
  const why = cause?.message ?? "the platform does not tell why";
  return new ConnectError(`Connecting to ${redactUrl(url)} failed: ${option}${why}`, {
    phase,
    ...(cause && { cause }),
    retryable,
  });
}
