import { isUtf8, type Buffer } from "node:buffer";

/**
 * Decodes in one pass; `undefined` when the bytes are not UTF-8 (RFC 3629), which RFC 6455 §8.1 forbids
 * in text messages and close reasons. A byte order mark stays.
 *
 * An invalid sequence decodes to U+FFFD, so only a text that holds one needs a second look: it may have
 * been sent on purpose.
 */
export function decodeUtf8(bytes: Buffer): string | undefined {
  const text = bytes.toString();
  return text.includes("\ufffd") && !isUtf8(bytes) ? undefined : text;
}
