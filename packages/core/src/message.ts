/** What travels over a connection: a text message or a binary one (RFC 6455 §5.6). */
export type Message = string | Uint8Array;

/**
 * What may be given to `send`. Bytes handed over must not be changed afterwards: they are not copied.
 * Anything else is a `TypeError` at once.
 */
export type Sendable = string | ArrayBuffer | ArrayBufferView;

/** Returned by a waterfall hook: the plugin took the message, it goes no further. */
export const DROP: unique symbol = Symbol.for("@stream-tungstenite/drop") as typeof DROP;

/** The message as transports and hooks see it; views and buffers become a `Uint8Array` on the same bytes. */
export function toMessage(value: Sendable): Message {
  if (typeof value === "string" || value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  // Not `instanceof`: buffers of another realm (an iframe, a test runner's sandbox) are buffers all the same.
  if (Object.prototype.toString.call(value) === "[object ArrayBuffer]") {
    return new Uint8Array(value);
  }
  throw new TypeError(
    `A message is a string, an ArrayBuffer or a view of one, not ${value === null ? "null" : typeof value}`,
  );
}

/** Bytes of the message's payload: its length, or that of its UTF-8 encoding. */
export function byteLength(message: Message): number {
  if (typeof message !== "string") return message.byteLength;
  const units = message.length;
  let bytes = units;
  for (let i = 0; i < units; i++) {
    const unit = message.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes++;
    else {
      bytes += 2;
      // A surrogate pair is two units and four bytes; a lone half becomes U+FFFD, three bytes.
      if ((unit & 0xfc00) === 0xd800 && (message.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
    }
  }
  return bytes;
}
