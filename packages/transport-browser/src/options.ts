import type { Provided, Transport } from "@stream-tungstenite/core";

/** Options of `browserTransport`. */
export interface BrowserTransportOptions {
  /**
   * The class to open sockets with: React Native's, that of `ws`, a subclass of your own.
   * @defaultValue the global `WebSocket`
   */
  readonly WebSocket?: unknown;
  /**
   * Headers of the opening handshake, or a function asked on every attempt. Only Node, Bun and Deno let
   * a WebSocket have them; a browser or workerd does not. @defaultValue none
   */
  readonly headers?: Provided<BrowserHeaders | undefined> | undefined;
  /** For errors and logs. @defaultValue "browser" */
  readonly name?: string | undefined;
}

/** Header names and their values, as a plain object: a `Headers` or a `Map` is refused. */
export type BrowserHeaders = Readonly<Record<string, string>>;

/** Options of `webSocketStreamTransport`. */
export interface WebSocketStreamTransportOptions {
  /** The transport to use where there is no `WebSocketStream`. @defaultValue none: that is an error */
  readonly fallback?: Transport | undefined;
  /** For errors and logs. @defaultValue "websocketstream" */
  readonly name?: string | undefined;
}
