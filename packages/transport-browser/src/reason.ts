import { redactUrl } from "@stream-tungstenite/core";

/** The parts of `error` and `close` events that may say why. Browsers fill none of them. */
export interface Told {
  readonly error?: unknown;
  readonly message?: string | undefined;
  readonly reason?: string | undefined;
}

/** The reason in an event, without the secrets of a URL: Bun quotes it whole. */
export function reasonOf({ error, message, reason }: Told): Error | undefined {
  const thrown = error as { readonly message?: string | number } | null | undefined;
  const own = typeof error === "string" ? error : thrown?.message;
  const text = String(own || message || reason || "");
  const safe = text.replace(/\S*\/\S*/g, (word) => redactUrl(word));
  if (!safe) return undefined;
  // What was thrown may hold the secrets again.
  if (safe !== text || !error) return new Error(safe);
  return error instanceof Error ? error : new Error(safe, { cause: error });
}
