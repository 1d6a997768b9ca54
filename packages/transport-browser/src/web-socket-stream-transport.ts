import { systemClock, type Transport } from "@stream-tungstenite/core";
import { check, nameFinding, objectOf } from "./check.ts";
import type { WebSocketStreamTransportOptions } from "./options.ts";
import { platform } from "./platform.ts";
import { StreamConnection } from "./stream-connection.ts";
import type { WebSocketStreamClass } from "./web-socket-stream.ts";

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
  const { fallback, name = "websocketstream", ...unknown } = objectOf(options);
  const { WebSocketStream } = platform();
  check(
    [
      fallback === undefined
        ? Boolean(WebSocketStream) ||
          "fallback: there is no WebSocketStream here; give browserTransport(), for instance"
        : typeof Object(fallback).connect === "function" || "fallback: a transport is needed",
      nameFinding(name),
    ],
    unknown,
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
