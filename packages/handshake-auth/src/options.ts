import {
  checkOptions,
  describeValue,
  durationOption,
  labelOption,
  optionRule,
} from "@stream-tungstenite/core";
import type { Message, OptionRules, Provided } from "@stream-tungstenite/core";
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

/** Options that were found good, with every default filled in. */
export type Resolved = Omit<Required<AuthOptions>, "format" | "closeCodes" | "name"> & {
  readonly [K in "format" | "closeCodes" | "name"]: NonNullable<AuthOptions[K]>;
};

const rules: OptionRules<Resolved> = {
  format: optionRule("plain", "", (format) => {
    if (typeof format === "function" || format === "plain" || format === "json") return true;
    const holes = typeof format === "string" ? format.split("{}").length - 1 : 0;
    // Not quoted: the commonest mistake is a template that holds the token already.
    return holes === 1 || `a template with one {} is needed, not with ${holes}`;
  }),
  reply: optionRule(undefined, "true or { accept, reject }", isReply),
  closeCodes: optionRule([1008, 4401, 4403], "a list of close codes", (codes) => {
    if (!Array.isArray(codes)) return false;
    // A copy has no holes, which would be passed over.
    const wrong = [...(codes as unknown[])].filter((code) => !canTravel(code)).map(describeValue);
    return !wrong[0] || `no server sends ${wrong.join(", ").slice(0, 200)}`;
  }),
  timeout: durationOption(undefined),
  name: labelOption("auth"),
};

/** @throws ConfigurationError with every fault; the token and the template are never quoted */
export function resolve(token: Provided<string>, options: AuthOptions): Resolved {
  const fault = typeof token !== "function" && tokenFault(token);
  return checkOptions(rules, options, "auth", fault ? [`auth.token: ${fault}`] : []);
}

/** The message that tells a token. Split and joined, since it must not be read as a replacement pattern. */
export function messageOf(token: string, format: Resolved["format"]): Message {
  if (typeof format === "function") return format(token);
  if (format === "json") return JSON.stringify({ type: "auth", token });
  return format === "plain" ? token : format.split("{}").join(token);
}

function isReply(reply: unknown): boolean {
  const { accept, reject } = Object(reply) as { readonly [K in keyof AuthReply]?: unknown };
  return reply === true || (typeof accept === "function" && /^[fu]/.test(typeof reject));
}

function canTravel(code: unknown): boolean {
  return Number.isInteger(code) && /^(?!100[56]|1015)[1-4]\d{3}$/.test(`${code as number}`);
}
