import type { Traffic } from "../task.ts";

/** What the server is told of the messages. */
export function trafficQuery({
  size,
  data,
  dialect,
  deflate,
}: Traffic): Record<string, string | number> {
  return { size, data, dialect, ...(deflate ? { deflate: 1 } : {}) };
}

/** Text as the bytes of a binary message. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
