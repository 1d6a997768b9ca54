import { ConfigurationError, systemClock, type Transport } from "@stream-tungstenite/core";
import type { WebSocketStreamTransportOptions } from "./options.ts";
import { platform } from "./platform.ts";
import { optionFaults, type Rules } from "./rules.ts";
import { StreamConnection } from "./stream-connection.ts";
import type { WebSocketStreamClass } from "./web-socket-stream.ts";

const rules: Rules<WebSocketStreamTransportOptions> = { fallback: ["object"], name: ["string"] };

/**
 * The transport on `WebSocketStream`, which can pause: a slow reader slows the server down instead of
 * filling memory. Chromium alone has it; elsewhere this returns `fallback`.
 *
 * ```ts
 * const transport = webSocketStreamTransport({ fallback: browserTransport() });
 * ```
 *
 * @throws ConfigurationError listing every fault: also where there is neither `WebSocketStream` nor
 *   `fallback`
 */
export function webSocketStreamTransport(options: WebSocketStreamTransportOptions = {}): Transport {
  const faults = optionFaults(options, rules);
  const { fallback, name = "websocketstream" } = options ?? {};
  const { WebSocketStream } = platform();
  if (fallback && typeof fallback.connect !== "function") {
    faults.push("fallback must be a transport, but has no connect");
  }
  if (!WebSocketStream && !fallback) {
    faults.push(
      "there is no WebSocketStream here: give option fallback, browserTransport() for instance",
    );
  }
  if (faults.length > 0) throw new ConfigurationError(faults);
  if (!WebSocketStream && fallback) return fallback;
  return {
    name,
    connect: (request, listener) =>
      new StreamConnection(
        request,
        listener,
        systemClock,
        WebSocketStream as WebSocketStreamClass,
      ).start(),
  };
}
