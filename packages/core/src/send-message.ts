import { toMessage } from "./message.ts";
import type { Message, Sendable } from "./message.ts";
import type { Handshake } from "./plugin.ts";
import { checked, duration, label, rule } from "./rules.ts";
import type { Rules } from "./rules.ts";

/** What `sendMessage` waits for. */
export interface SendMessageOptions {
  /** Wait for an answer: any message, or the first that the function accepts. @defaultValue false */
  readonly reply?: boolean | ((message: Message) => boolean) | undefined;
  /** Milliseconds for the whole step. @defaultValue the client's `handshakeTimeout` */
  readonly timeout?: number | undefined;
  /** @defaultValue "send-message" */
  readonly name?: string | undefined;
}

/** Options that were found good. */
interface Resolved {
  readonly reply: boolean | ((message: Message) => boolean);
  readonly timeout: number | undefined;
  readonly name: string;
}
// Marked as pure, or the rules would stay in applications that send no such message.
const rules: Rules<Resolved> = {
  reply: /* @__PURE__ */ rule(false, "true, false or a function that knows the answer", (value) =>
    ["boolean", "function"].includes(typeof value),
  ),
  timeout: /* @__PURE__ */ duration(undefined),
  name: /* @__PURE__ */ label("send-message"),
};

/**
 * A handshake that sends one message and, when asked, waits for the answer.
 *
 * @throws TypeError when `message` is none
 * @throws ConfigurationError that lists every fault of the options
 */
export function sendMessage(message: Sendable, options: SendMessageOptions = {}): Handshake {
  const given = toMessage(message);
  const { reply, timeout, name } = checked(rules, options, "sendMessage");
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
