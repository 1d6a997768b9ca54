/** What is used of the platform's `WebSocket` (HTML standard), and what platforms have beyond it. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  readonly bufferedAmount?: number;
  readonly protocol: string;
  readonly extensions: string;
  send(message: string | Uint8Array): void;
  close(code?: number, reason?: string): void;
  /** `ws` and Bun: drops the TCP connection. */
  terminate?(): void;
  // Not `onmessage` and the like: workerd has none.
  addEventListener(type: string, listener: (event: WebSocketEvent) => void): void;
}

/** The events of a `WebSocket` in one: each has some of these. */
export interface WebSocketEvent {
  readonly data: string | ArrayBuffer;
  readonly code: number;
  readonly reason?: string;
  readonly wasClean?: boolean;
  readonly error?: unknown;
  readonly message?: string;
}

/** The constructor; `init` is a list of subprotocols or, where that is possible, headers with one. */
export type WebSocketClass = new (url: string, init: object) => WebSocketLike;
