import { callableOption, checkOptions, labelOption, optionRule } from "@stream-tungstenite/core";
import { headersFault, takesHeaders } from "./headers.ts";
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
  const fallback = platform().WebSocket as WebSocketClass;
  const { WebSocket = fallback } = Object(options) as Partial<Settings>;
  return checkOptions<Settings>(
    {
      WebSocket: callableOption(fallback),
      headers: optionRule<Settings["headers"]>(
        undefined,
        "",
        (headers) =>
          (typeof headers !== "function" && headersFault(headers)) ||
          takesHeaders(WebSocket) ||
          "this WebSocket cannot have them; put a token into a subprotocol, the URL's query or the first message",
      ),
      name: labelOption("browser"),
    },
    options,
    "",
    WebSocket === undefined
      ? ["WebSocket: there is no global one here; give that of the package 'ws', for instance"]
      : [],
  );
}
