import { check, nameFinding, objectOf } from "./check.ts";
import { headerFaults, takesHeaders } from "./headers.ts";
import type { BrowserTransportOptions } from "./options.ts";
import { platform } from "./platform.ts";
import type { WebSocketClass } from "./web-socket.ts";

/** The options of `browserTransport` after validation. `headers` that are a function still are one. */
export interface Settings {
  readonly WebSocket: WebSocketClass;
  readonly headers: BrowserTransportOptions["headers"];
  readonly name: string;
}

/** @throws ConfigurationError listing every fault */
export function readSettings(options: BrowserTransportOptions): Settings {
  const {
    WebSocket = platform().WebSocket,
    headers,
    name = "browser",
    ...unknown
  } = objectOf(options);
  const isClass = typeof WebSocket === "function";
  const missing = "there is no global one here; give that of the package 'ws', for instance";
  check(
    [
      isClass || `WebSocket: ${WebSocket === undefined ? missing : "a class is needed"}`,
      ...(typeof headers === "function" ? [] : headerFaults(headers)),
      !headers ||
        !isClass ||
        takesHeaders(WebSocket as WebSocketClass) ||
        "headers: this WebSocket cannot have them; put a token into a subprotocol, the URL's query or the first message",
      nameFinding(name),
    ],
    unknown,
  );
  return { WebSocket: WebSocket as WebSocketClass, headers, name };
}
