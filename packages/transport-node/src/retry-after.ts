const longest = 3_600_000;

/**
 * Milliseconds that a `Retry-After` header asks to wait (RFC 9110 §10.2.3): seconds or an HTTP date, at
 * most one hour; `undefined` for anything else.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) return Math.min(Number(text) * 1_000, longest);
  // Date.parse takes much that is no HTTP date ("-5", "1.5"), and asctime's form without a zone as local time.
  if (!/^[A-Z][a-z]{2,8},? .+\d\d:\d\d:\d\d/.test(text)) return undefined;
  const date = Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
  return date >= now ? Math.min(date - now, longest) : undefined;
}
