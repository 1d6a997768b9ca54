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

/** How a reader of messages behaves. */
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

/**
 * A client that stays connected. `send`, `sendAsync` and `ping` are bound: they may be passed on and
 * survive every reconnect. After `close()` every verb gives `ClientClosedError`.
 */
export interface WebSocketClient extends AsyncDisposable {
  /** What is, or was last, dialed, without credentials and query values; `""` until a URL function answered. */
  readonly url: string;
  readonly state: ClientState;
  /** The socket is open and every handshake is done. */
  readonly isConnected: boolean;
  /** Queue and transport together, bytes. */
  readonly bufferedAmount: number;
  snapshot(): Snapshot;

  /**
   * Dials, and resolves when connected. Calls share one effort; rejects with the cause when the client
   * gives up. An abort before that takes this call back, with the last one the effort ends in `idle`;
   * later aborts mean nothing. The promise may be ignored.
   */
  connect(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * Resolves at once when connected, else when that happens next; dials nothing. The promise may be
   * ignored.
   *
   * @throws TimeoutError after `timeout` milliseconds
   * @throws ClientClosedError at close, or the cause when the client gives up
   */
  ready(options?: Waiting): Promise<void>;
  /**
   * Connects, or joins the effort under way; resolves after a graceful close and rejects with the cause
   * when the client gives up. An abort is `close()`. The promise may be ignored.
   *
   * @throws AlreadyRunningError while an earlier call runs
   */
  run(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /**
   * Forgets the outage and dials now: a wait is over, a live connection is closed first, an attempt under
   * way goes on. `reason` is the close reason, at most 123 bytes.
   *
   * @throws ConfigurationError
   */
  reconnect(reason?: string): void;
  /**
   * Closes gracefully, back to `idle`; queue and readers stay. A pending `connect()` rejects with
   * `NotConnectedError`; one that is called meanwhile dials once the socket is gone.
   *
   * @throws ConfigurationError
   */
  disconnect(options?: CloseOptions): Promise<void>;
  /**
   * Flushes the queue if connected, does the closing handshake, and ends the client for good; after its
   * timeout the socket is dropped. Always the same promise, which never rejects: `undelivered` counts the
   * messages that no transport took.
   *
   * @throws ConfigurationError
   */
  close(
    options?: CloseOptions,
  ): Promise<{ readonly wasClean: boolean; readonly undelivered: number }>;

  /**
   * Sends, or queues, and never waits. `maxAge` in milliseconds; 0: now or never.
   *
   * @throws QueueFullError when `overflow` is "reject", or for a message above `maxBytes`
   * @throws NotConnectedError when `whileDisconnected` is "reject"
   * @throws TypeError for what is no message
   */
  readonly send: (
    message: Sendable,
    options?: { readonly maxAge?: number | undefined },
  ) => "sent" | "queued" | "dropped";
  /**
   * Waits for room in the queue, in order of call, and resolves when the transport took the message. A
   * message given up by timeout or abort is never sent later.
   *
   * @throws SendTimeoutError
   * @throws MessageDroppedError when it leaves the queue unsent
   */
  readonly sendAsync: (
    message: Sendable,
    options?: Waiting & { readonly maxAge?: number | undefined },
  ) => Promise<void>;
  /**
   * Sends a protocol ping (RFC 6455 §5.5.2) of at most 125 bytes; resolves with the round trip in
   * milliseconds.
   *
   * @throws NotConnectedError
   * @throws UnsupportedError when the transport has none, as in browsers
   */
  readonly ping: (payload?: Uint8Array, options?: Waiting) => Promise<number>;
  /**
   * Resolves when all that was accepted before is on the network.
   *
   * @throws ConnectionLostError when the connection ends with bytes buffered
   */
  flush(options?: Waiting): Promise<void>;

  /**
   * An independent, bounded reader. It survives reconnects, ends after a graceful close and throws the
   * cause after the client gave up.
   */
  messages(options?: MessagesOptions): AsyncIterableIterator<Message>;
  /** Everything but messages, the last 1,024 for a slow reader; ends after `closed`. */
  events(options?: {
    readonly signal?: AbortSignal | undefined;
  }): AsyncIterableIterator<ClientEvent>;
  /** Listens; returns the undo. A listener that throws breaks nothing: its error shows as uncaught. */
  on<K extends keyof ClientEvents>(
    event: K,
    listener: (payload: ClientEvents[K]) => void,
  ): () => void;
  /**
   * The next event of that name. The promise may be ignored.
   *
   * @throws TimeoutError after `timeout` milliseconds
   * @throws ClientClosedError when the client closes without it
   */
  once<K extends keyof ClientEvents>(event: K, options?: Waiting): Promise<ClientEvents[K]>;
  /**
   * Adds a plugin to the end of the list; returns the undo. A handshake runs from the next connection on.
   *
   * @throws ConfigurationError
   */
  use(plugin: Extension | Handshake): () => void;
}

/** What the close frame says, and how long to wait for its answer. */
export interface CloseOptions {
  /** 1000 or 3000–4999 (RFC 6455 §7.4). @defaultValue 1000 */
  readonly code?: number | undefined;
  /** At most 123 bytes of UTF-8. @defaultValue "" */
  readonly reason?: string | undefined;
  /** Milliseconds until the socket is dropped. @defaultValue the client's `closeTimeout` */
  readonly timeout?: number | undefined;
}
