import {
  checkOptions,
  labelOption,
  optionRule,
  systemClock,
  type Transport,
} from "@stream-tungstenite/core";
import type { WebSocketStreamTransportOptions } from "./options.ts";
import { platform } from "./platform.ts";
import { StreamConnection } from "./stream-connection.ts";
import type { WebSocketStreamClass } from "./web-socket-stream.ts";

interface Settings {
  readonly fallback: Transport | undefined;
  readonly name: string;
}

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
  const { WebSocketStream } = platform();
  const { fallback, name } = checkOptions<Settings>(
    {
      fallback: optionRule<Settings["fallback"]>(
        undefined,
        "a transport",
        (value) => typeof Object(value).connect === "function",
      ),
      name: labelOption("websocketstream"),
    },
    options,
    "",
    WebSocketStream || Object(options).fallback !== undefined
      ? []
      : ["fallback: there is no WebSocketStream here; give browserTransport(), for instance"],
  );
  if (!WebSocketStream) return fallback!;
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
