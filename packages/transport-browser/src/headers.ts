import type { BrowserHeaders } from "./options.ts";
import { platform } from "./platform.ts";
import type { WebSocketClass } from "./web-socket.ts";

/** What is wrong with headers. Their values are never shown. */
export function headerFaults(headers: BrowserHeaders | undefined): string[] {
  if (headers === undefined) return [];
  if (typeof headers !== "object" || headers === null) return ["headers must be an object"];
  return Object.entries(headers).flatMap(([name, value]: [string, unknown]) => {
    // Tokens and field values of RFC 9110 §5.6.2 and §5.5.
    if (
      !/^[!#$%&'*+\-.^_`|~\w]+$/.test(name) ||
      !/^[\t -~\x80-\xff]*$/.test(String(value)) ||
      typeof value !== "string"
    ) {
      return [`headers: ${JSON.stringify(name)} and its value must be text that a header may hold`];
    }
    return /^(connection|upgrade|sec-websocket-.*)$/i.test(name)
      ? [`headers: '${name}' is set by the opening handshake`]
      : [];
  });
}

/**
 * Whether the second argument of the constructor may be an object with headers, as on Node, Bun and Deno.
 *
 * Found out without a socket: such a constructor reads the object before it refuses the URL's scheme.
 * `ws` does not count, for it would lose the subprotocols.
 */
export function takesHeaders(WebSocket: WebSocketClass): boolean {
  let asked = false;
  class Init {
    // Not an own property: `ws` copies those without a look.
    get headers(): undefined {
      asked = true;
      return undefined;
    }
  }
  // React Native does not check the URL, and its native half would stumble over it.
  if (platform().navigator?.product === "ReactNative") return false;
  try {
    new WebSocket("none:", new Init()).close();
  } catch {
    // As intended.
  }
  return asked;
}
