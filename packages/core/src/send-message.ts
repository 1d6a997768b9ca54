import { ConfigurationError } from "./errors.ts";
import { toMessage } from "./message.ts";
import type { Message, Sendable } from "./message.ts";
import type { Handshake } from "./plugin.ts";

export interface SendMessageOptions {
  /** Wait for an answer: any message, or the first that the function accepts. @defaultValue false */
  readonly reply?: boolean | ((message: Message) => boolean) | undefined;
  /** Milliseconds for the whole step. @defaultValue the client's `handshakeTimeout` */
  readonly timeout?: number | undefined;
  /** @defaultValue "send-message" */
  readonly name?: string | undefined;
}

/**
 * A handshake that sends one message and, when asked, waits for the answer.
 *
 * @throws TypeError when `message` is none
 * @throws ConfigurationError when `reply` can be no answer's test
 */
export function sendMessage(
  message: Sendable,
  { reply = false, timeout, name = "send-message" }: SendMessageOptions = {},
): Handshake {
  const given = toMessage(message);
  if (typeof reply !== "boolean" && typeof reply !== "function") {
    throw new ConfigurationError([
      `${name}: reply is true, false or a function that knows the answer, not ${typeof reply}`,
    ]);
  }
  return {
    name,
    handshakeTimeout: timeout,
    async handshake(session) {
      session.send(given);
      const match = reply === true ? undefined : reply;
      // Its own deadline holds in an exchange, too.
      if (match !== false) await session.receive(match, { timeout: timeout || undefined });
    },
  };
}
