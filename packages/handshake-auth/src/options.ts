import { ConfigurationError, describeValue } from "@stream-tungstenite/core";
import type { Message, Provided } from "@stream-tungstenite/core";
import { tokenFault } from "./token.ts";

/** How answers are judged: the first message that one of these wants is the answer. */
export interface AuthReply {
  /** Whether the message accepts the token. Asked first. */
  readonly accept: (message: Message) => boolean;
  /** Whether the message refuses it; a string says why and stands in the error. @defaultValue none does */
  readonly reject?: ((message: Message) => boolean | string) | undefined;
}

/** Options of {@link auth}. */
export interface AuthOptions {
  /**
   * What is sent:
   *
   * | value | message |
   * |---|---|
   * | `"plain"` | the token itself |
   * | `"json"` | `{"type":"auth","token":…}` |
   * | any other string | a template that holds `{}` exactly once; the token goes there literally, unescaped |
   * | a function | what it makes of the token, text or binary |
   *
   * @defaultValue "plain"
   */
  readonly format?: "plain" | "json" | (string & {}) | ((token: string) => Message) | undefined;
  /**
   * The answer to wait for. `true`: any message is one. @defaultValue none: send and go on
   */
  readonly reply?: true | AuthReply | undefined;
  /**
   * Close codes by which the server refuses the token (RFC 6455 §7.4): 1000 or above, and none that never
   * travels (1005, 1006, 1015). @defaultValue [1008, 4401, 4403]
   */
  readonly closeCodes?: readonly number[] | undefined;
  /**
   * Milliseconds for token function and answer together; 0 is no limit.
   * @defaultValue the client's `handshakeTimeout`
   */
  readonly timeout?: number | undefined;
  /** @defaultValue "auth" */
  readonly name?: string | undefined;
}

/** Options that were found good. */
export interface Resolved {
  readonly token: Provided<string>;
  readonly format: (token: string) => Message;
  readonly reply: true | AuthReply | undefined;
  readonly closeCodes: readonly number[];
  readonly timeout: number | undefined;
  readonly name: string;
}

/** @throws ConfigurationError with every fault; the token and the template are never quoted */
export function resolve(token: Provided<string>, options: AuthOptions): Resolved {
  const {
    format = "plain",
    reply,
    closeCodes = [1008, 4401, 4403],
    timeout,
    name = "auth",
    ...unknown
  } = options ?? { options };
  // Of a format that is no string, nothing is left.
  const template = `${format === "plain" ? "{}" : typeof format === "string" && format}`.split(
    "{}",
  );
  const custom =
    format === "json"
      ? (secret: string) => JSON.stringify({ type: "auth", token: secret })
      : typeof format === "function" && format;
  const fault = typeof token !== "function" && tokenFault(token);
  const faults = [
    fault && `token: ${fault}`,
    !custom &&
      template.length !== 2 &&
      // Not quoted: the commonest mistake is a template that holds the token already.
      `format: a template with one {} is needed, not with ${template.length - 1}`,
    !isReply(reply) && "reply: true or { accept, reject } is needed",
    !(Array.isArray(closeCodes) && closeCodes.every(canTravel)) &&
      `closeCodes: codes that a server sends are needed`,
    !(timeout === undefined || (Number.isFinite(timeout) && timeout >= 0)) &&
      `timeout: milliseconds, 0 or more, are needed, not ${describeValue(timeout)}`,
    !(name && typeof name === "string") && "name: a string is needed",
    ...Object.keys(unknown).map((option) => `${option}: there is no such option`),
  ].filter(Boolean);
  if (faults[0]) throw new ConfigurationError(faults.map((one) => `auth: ${one}`));
  return {
    token,
    // Joined, since the token must not be read as a replacement pattern.
    format: custom || ((secret) => template.join(secret)),
    reply,
    closeCodes,
    timeout,
    name,
  };
}

function isReply(reply: AuthOptions["reply"] | null): boolean {
  return (
    reply === undefined ||
    reply === true ||
    (typeof reply?.accept === "function" && /^[fu]/.test(typeof reply.reject))
  );
}

function canTravel(code: number): boolean {
  return Number.isInteger(code) && /^(?!100[56]|1015)[1-4]\d{3}$/.test(`${code}`);
}
