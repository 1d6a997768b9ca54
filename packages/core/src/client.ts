import type { DisconnectCause, StreamTungsteniteError } from "./errors.ts";
import type { ClientEvent, ClientEvents } from "./events.ts";
import type { ClientState } from "./machine.ts";
import type { Message, Sendable } from "./message.ts";
import type { Extension, Handshake } from "./plugin.ts";

/** How long a call waits. */
export interface Waiting {
  /** Milliseconds. @defaultValue no limit */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MessagesOptions {
  /** Ends the reader. */
  readonly signal?: AbortSignal | undefined;
  /** Messages the reader may hold. @defaultValue the client's `receiveBuffer` */
  readonly highWaterMark?: number | undefined;
  /** What happens beyond the mark. @defaultValue "pause" */
  readonly overflow?: "pause" | "drop-oldest" | "drop-newest" | "error" | undefined;
}

/** The client's figures at one moment. Durations in milliseconds, times in milliseconds since the epoch. */
export interface Snapshot {
  readonly status: ClientState["status"];
  /** Redacted. */
  readonly url: string;
  readonly connectionId: number | null;
  /** How often the client was connected. */
  readonly connectionCount: number;
  readonly reconnectCount: number;
  readonly errorCount: number;
  readonly connectedFor: number | null;
  readonly lastDisconnect: { readonly at: number; readonly cause: DisconnectCause | null } | null;
  readonly lastError: StreamTungsteniteError | null;
  readonly messagesReceived: number;
  readonly messagesSent: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly queued: number;
  readonly queuedBytes: number;
  readonly bufferedAmount: number;
}

/** `send`, `sendAsync` and `ping` are bound: they may be passed on and survive every reconnect. */
export interface WebSocketClient extends AsyncDisposable {
  /** Redacted. */
  readonly url: string;
  readonly state: ClientState;
  readonly isConnected: boolean;
  /** Queue and transport together, bytes. */
  readonly bufferedAmount: number;
  snapshot(): Snapshot;

  connect(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  ready(options?: Waiting): Promise<void>;
  run(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  reconnect(reason?: string): void;
  disconnect(options?: CloseOptions): Promise<void>;
  close(
    options?: CloseOptions,
  ): Promise<{ readonly wasClean: boolean; readonly undelivered: number }>;

  readonly send: (
    message: Sendable,
    options?: { readonly maxAge?: number | undefined },
  ) => "sent" | "queued" | "dropped";
  readonly sendAsync: (
    message: Sendable,
    options?: Waiting & { readonly maxAge?: number | undefined },
  ) => Promise<void>;
  readonly ping: (payload?: Uint8Array, options?: Waiting) => Promise<number>;
  flush(options?: Waiting): Promise<void>;

  messages(options?: MessagesOptions): AsyncIterableIterator<Message>;
  events(options?: {
    readonly signal?: AbortSignal | undefined;
  }): AsyncIterableIterator<ClientEvent>;
  on<K extends keyof ClientEvents>(
    event: K,
    listener: (payload: ClientEvents[K]) => void,
  ): () => void;
  once<K extends keyof ClientEvents>(event: K, options?: Waiting): Promise<ClientEvents[K]>;
  use(plugin: Extension | Handshake): () => void;
}

export interface CloseOptions {
  /** 1000 or 3000–4999 (RFC 6455 §7.4). @defaultValue 1000 */
  readonly code?: number | undefined;
  /** At most 123 bytes of UTF-8. @defaultValue "" */
  readonly reason?: string | undefined;
  /** Milliseconds. @defaultValue the client's `closeTimeout` */
  readonly timeout?: number | undefined;
}
