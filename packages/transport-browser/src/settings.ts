import { ConfigurationError } from "@stream-tungstenite/core";
import { headerFaults, takesHeaders } from "./headers.ts";
import type { BrowserTransportOptions } from "./options.ts";
import { platform } from "./platform.ts";
import { optionFaults, type Rules } from "./rules.ts";
import type { WebSocketClass } from "./web-socket.ts";

/** The options of `browserTransport` after validation. `headers` that are a function still are one. */
export interface Settings {
  readonly WebSocket: WebSocketClass;
  readonly headers: BrowserTransportOptions["headers"];
}

const rules: Rules<BrowserTransportOptions> = {
  WebSocket: ["function"],
  headers: ["object", "function"],
  name: ["string"],
};

/** @throws ConfigurationError listing every fault */
export function readSettings(options: BrowserTransportOptions): Settings {
  const faults = optionFaults(options, rules);
  const { WebSocket = platform().WebSocket, headers } = options ?? {};
  if (WebSocket === undefined) {
    faults.push(
      "there is no global WebSocket here: give a class as option WebSocket, that of the package 'ws' for instance",
    );
  } else if (headers && typeof WebSocket === "function") {
    if (typeof headers === "object") faults.push(...headerFaults(headers));
    if (!takesHeaders(WebSocket as WebSocketClass)) {
      faults.push(
        "headers: this WebSocket cannot have them; put a token into a subprotocol, the URL's query or the first message",
      );
    }
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  return { WebSocket: WebSocket as WebSocketClass, headers };
}
