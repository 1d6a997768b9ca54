import { platform } from "./platform.ts";
import type { WebSocketClass } from "./web-socket.ts";

/** What is wrong with headers, or `""`. Their values are never shown. */
export function headersFault(headers: unknown = {}): string {
  // The entries of a `Headers` or a `Map` are not seen below, though platforms would send them.
  const kind = {}.toString.call(headers);
  if (kind !== "[object Object]") return `a plain object is needed, not ${kind}`;
  const faults = Object.entries(headers as object).map(([name, value]: [string, unknown]) => {
    // Tokens and field values of RFC 9110 §5.6.2 and §5.5.
    const isText =
      /^[!#$%&'*+\-.^_`|~\w]+$/.test(name) &&
      typeof value === "string" &&
      /^[\t -~\x80-\xff]*$/.test(value);
    if (!isText) return `${JSON.stringify(name)} or its value is not text for a header`;
    const isReserved = /^(connection|upgrade|sec-websocket-.*)$/i.test(name);
    return isReserved && `"${name}" is set by the opening handshake`;
  });
  return faults.filter(Boolean).join("; ");
}

/**
 * Whether the second argument of the constructor may be an object with headers, as on Node, Bun and Deno.
 *
 * Found out without a socket: such a constructor reads the object before it refuses the URL's scheme.
 * `ws` does not count, for it would lose the subprotocols.
 */
export function takesHeaders(WebSocket: WebSocketClass): boolean {
  let asked = false;
  // Not an own property: `ws` copies those without a look.
  const init = Object.create({
    get headers(): undefined {
      asked = true;
      return undefined;
    },
  }) as object;
  // React Native does not check the URL, and its native half would stumble over it.
  if (platform().navigator?.product === "ReactNative") return false;
  try {
    new WebSocket("none:", init).close();
  } catch {
    // As intended.
  }
  return asked;
}
