import { ConnectError } from "./errors.ts";
import type { ConnectPhase } from "./errors.ts";
import type { AttemptContext, Provided } from "./options.ts";
import { redactUrl } from "./redact.ts";

/**
 * The value of an option, asked if it is a function.
 *
 * @throws ConnectError of that phase when the function fails; retryable unless its error has
 *   `retryable: false`
 */
export async function provide<T>(
  option: Provided<T>,
  name: string,
  phase: ConnectPhase,
  context: AttemptContext,
): Promise<T> {
  if (typeof option !== "function") return option;
  try {
    return await (option as (context: AttemptContext) => T | Promise<T>)(context);
  } catch (cause) {
    // Its message may quote a URL with secrets, so it stays in `cause`.
    throw new ConnectError(`The function given as ${name} failed`, {
      phase,
      cause,
      retryable: (cause as { retryable?: unknown } | null)?.retryable !== false,
    });
  }
}

/**
 * The absolute `ws:` or `wss:` form of a URL, as the WebSocket constructor of the HTML standard makes it:
 * `http:` and `https:` are taken for them, a relative URL is resolved where there is a `location`.
 *
 * @throws TypeError that quotes the URL without its secrets
 */
export function parseUrl(value: unknown): string {
  const text = String(value);
  const shown = (given: string): string => `'${redactUrl(given).slice(0, 200)}'`;
  let url: URL;
  try {
    url = new URL(text, typeof location === "undefined" ? undefined : location.href);
  } catch {
    // Where its credentials end nobody can tell.
    throw new TypeError(`${shown(text.replace(/^.*@/s, "***@"))} is not a URL`);
  }
  const { protocol } = url;
  if (protocol === "http:" || protocol === "https:") url.protocol = protocol.replace("http", "ws");
  else if (protocol !== "ws:" && protocol !== "wss:") {
    throw new TypeError(`${shown(text)} is neither ws: nor wss:`);
  }
  if (url.hash) throw new TypeError(`${shown(text)} has a fragment`);
  return url.href;
}

/**
 * Why these cannot be offered as subprotocols: each is a token, once (RFC 6455 §4.1, RFC 9110 §5.6.2). They
 * are never quoted: where headers cannot be set one of them may hold a credential.
 */
export function protocolFaults(protocols: unknown): string[] {
  if (!Array.isArray(protocols))
    return [`protocols: a list of strings is needed, not ${typeof protocols}`];
  return protocols.flatMap((protocol: unknown, index) => {
    if (typeof protocol !== "string" || !/^[!#$%&'*+\-.^_`|~\w]+$/.test(protocol)) {
      return [`protocols[${index}] is not a subprotocol`];
    }
    return protocols.indexOf(protocol) < index ? [`protocols[${index}] is there twice`] : [];
  });
}
