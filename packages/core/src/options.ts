import type { Random } from "@stream-tungstenite/retry";
import type { Clock } from "./clock.ts";
import type { DisconnectCause } from "./errors.ts";
import type { PluginList } from "./plugin.ts";

/** What a function given as an option learns about the attempt it is asked for. */
export interface AttemptContext {
  /** 0 for a dial asked for by `connect()`, n for the n-th retry of the outage: the same number everywhere. */
  readonly attempt: number;
  /** Aborts when the attempt fails or is given up; not any more once the client is connected. */
  readonly signal: AbortSignal;
}

/** A value, or a function asked on every attempt. A rejection is a failed attempt; one whose error has `retryable: false` is fatal. */
export type Provided<T> = T | ((context: AttemptContext) => T | Promise<T>);

/** Durations are milliseconds; 0 switches a timeout off. */
export interface ClientOptions {
  /** `ws:` or `wss:`; `http:` and `https:` are taken for them, a relative URL is resolved where there is a `location`. */
  readonly url: Provided<string | URL>;
  readonly plugins: PluginList;
  /** Subprotocols to offer (RFC 6455 §1.9). @defaultValue none */
  readonly protocols?: Provided<readonly string[]> | undefined;
  /** One deadline for URL function, transport options, DNS, TCP, TLS and opening handshake. @defaultValue 10_000 */
  readonly connectTimeout?: number | undefined;
  /** For each application handshake that states none. @defaultValue 10_000 */
  readonly handshakeTimeout?: number | undefined;
  /** Nothing at all received for so long: `IdleTimeoutError`, retried. @defaultValue 0, off */
  readonly receiveTimeout?: number | undefined;
  /** Connected for so long: the outage is over and the retry count starts again. @defaultValue 5_000 */
  readonly stableAfter?: number | undefined;
  /** For flush and closing handshake together, then the socket is dropped. @defaultValue 5_000 */
  readonly closeTimeout?: number | undefined;
  /** Least delay after a failed application handshake. @defaultValue 0 */
  readonly handshakeRetryDelay?: number | undefined;
  /** Give up if the very first attempt of `connect()` fails. @defaultValue false */
  readonly exitOnFirstFailure?: boolean | undefined;
  /** Whether a loss is worth a retry, unless a plugin has answered. @defaultValue `isTransient` */
  readonly shouldReconnect?: ((cause: DisconnectCause) => boolean | Promise<boolean>) | undefined;
  readonly sendQueue?: SendQueueOptions | undefined;
  /** Bytes of the transport's `bufferedAmount` at which messages stay in the send queue. @defaultValue 1_048_576 */
  readonly highWaterMark?: number | undefined;
  /** Messages: unclaimed ones before `connected`, a reader's mark, the backlog of asynchronous hooks. @defaultValue 1_024 */
  readonly receiveBuffer?: number | undefined;
  /** TCP_NODELAY where the transport can. @defaultValue true */
  readonly noDelay?: boolean | undefined;
  /** What a throwing hook does to the connection. @defaultValue "ignore" */
  readonly pluginErrorPolicy?: "ignore" | "disconnect" | undefined;
  /** @defaultValue the platform's */
  readonly clock?: Clock | undefined;
  /** @defaultValue the platform's */
  readonly random?: Random | undefined;
}

/** Bounds of the send queue, and what happens beyond them. */
export interface SendQueueOptions {
  /** Messages. @defaultValue 1_024 */
  readonly capacity?: number | undefined;
  /** Bytes. @defaultValue 16_777_216 */
  readonly maxBytes?: number | undefined;
  /** What `send` does with a full queue. @defaultValue "reject" */
  readonly overflow?: "reject" | "drop-oldest" | "drop-newest" | undefined;
  /** Whether messages wait for the connection, in `idle` too. @defaultValue "hold" */
  readonly whileDisconnected?: "hold" | "reject" | undefined;
  /** Milliseconds after which a queued message expires. @defaultValue none */
  readonly maxAge?: number | undefined;
}

type Complete<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** The send queue's options, complete. */
export interface ResolvedSendQueue extends Complete<Omit<SendQueueOptions, "maxAge">> {
  readonly maxAge: number | undefined;
}

/** Options that were found good, with every default filled in. */
export interface Resolved extends Complete<
  Omit<ClientOptions, "plugins" | "sendQueue" | "shouldReconnect">
> {
  readonly shouldReconnect: ClientOptions["shouldReconnect"];
  readonly sendQueue: ResolvedSendQueue;
  /** What to dial, with `protocols`, which then are a list; null when either has to be asked for each time. */
  readonly target: string | null;
}
