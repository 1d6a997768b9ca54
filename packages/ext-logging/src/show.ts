import type { Message, MessageContext } from "@stream-tungstenite/core";
import type { Settings } from "./options.ts";
import { redactText } from "./redact-text.ts";

/** How a line shows what it is about. */
export type Showing = Pick<Settings, "maxLength" | "redact">;

/** A message as a line shows it. */
export function showMessage(
  message: Message,
  origin: MessageContext["origin"],
  settings: Showing,
): string {
  const { maxLength, redact } = settings;
  const isText = typeof message === "string";
  if (redact && origin === "plugin") {
    const { length } = isText ? new TextEncoder().encode(message) : message;
    return `[handshake message, ${length} bytes]`;
  }
  if (!isText) {
    const hex = Array.from(message.subarray(0, 16), (byte) => (256 + byte).toString(16).slice(1));
    return `[binary, ${message.length} bytes: ${hex.join(" ")}]`;
  }
  // Cut before it is searched for secrets: a long message costs no more than a short one. But a function
  // of the application's may need to see the end of a secret to know it.
  const given = typeof redact === "function" ? message : cut(message, maxLength);
  return (
    cut(showText(given, settings), maxLength) +
    (message.length > maxLength ? `… (${message.length} characters)` : "")
  );
}

/** One line without secrets and without anything that a terminal would obey. */
export function showText(text: string, { redact }: Showing): string {
  const clean = redact === true ? redactText : redact || String;
  return clean(text).replace(/[\p{C}\p{Z}]/gu, " ");
}

/** The first so many UTF-16 code units, or one less where a surrogate pair would be cut in two. */
function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "");
}

/** The one of the platform, whatever that is. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
