import type {
  Random,
  RetryContext,
  RetryStrategy as AnyRetryStrategy,
} from "@stream-tungstenite/retry";
import type { Clock } from "./clock.ts";
import type { DisconnectCause } from "./errors.ts";
import type { ClientEvents, StateChange } from "./events.ts";
import type { Waiting, WebSocketClient } from "./client.ts";
import type { DROP, Message, Sendable } from "./message.ts";
import type { Connection, ConnectionListener, ConnectRequest } from "./transport.ts";

/**
 * All that can be swapped or added is a plugin: a named object with optional hooks, called as methods.
 *
 * Each hook has a kind that says how many plugins may have it and who waits for whom. A hook that throws
 * is a `PluginError` on the `error` event; a throwing `handshake` is a `HandshakeError`; a throwing
 * `setup` or `nextDelay` is fatal.
 */
export interface Plugin {
  /** For errors and logs; equal names in one client are numbered there (`send-message#2`). */
  readonly name: string;
  readonly version?: string | undefined;
  readonly description?: string | undefined;
  /** Milliseconds for this plugin's `handshake`. @defaultValue the client's `handshakeTimeout` */
  readonly handshakeTimeout?: number | undefined;
  /**
   * What this plugin authenticates with is asked anew on every attempt, so an HTTP 401, 403 or 407 is worth
   * one retry per outage. @defaultValue false
   */
  readonly freshCredentials?: boolean | undefined;

  /** Kind first: exactly one plugin. Opens one socket. */
  connect?: ((request: ConnectRequest, listener: ConnectionListener) => Connection) | undefined;
  /** Kind first: at most one plugin. Milliseconds until the next attempt; `null` gives up. */
  nextDelay?: ((context: RetryContext<DisconnectCause>) => number | null) | undefined;
  /** Kind waterfall, after the strategy and above the server's floor: nothing keeps the delay. */
  adjustDelay?:
    | ((delay: number, context: RetryContext<DisconnectCause>) => number | void)
    | undefined;
  /** Kind first answer, before the option of the same name; may make a fatal cause worth a retry. */
  shouldReconnect?: ((cause: DisconnectCause) => boolean | void) | undefined;
  /** Kind sequential: awaited in list order, on every connection. */
  handshake?: ((session: HandshakeSession) => Promise<void>) | undefined;
  /** Kind waterfall, last plugin to first. */
  onMessage?:
    | ((message: Message, context: MessageContext) => Received | Promise<Received>)
    | undefined;
  /** Kind waterfall, first plugin to last, when the message leaves the queue. */
  onSend?:
    | ((message: Message, context: MessageContext) => Outgoing | Promise<Outgoing>)
    | undefined;
  /** Kind observer, like the six that follow: told, never awaited; a promise's rejection is a `PluginError`. */
  onStateChange?: ((change: StateChange) => void) | undefined;
  onConnected?: ((event: ClientEvents["connected"]) => void) | undefined;
  onDisconnected?: ((event: ClientEvents["disconnected"]) => void) | undefined;
  onError?: ((event: ClientEvents["error"]) => void) | undefined;
  onLagged?: ((event: ClientEvents["lagged"]) => void) | undefined;
  onDropped?: ((event: ClientEvents["dropped"]) => void) | undefined;
  /** Somebody doubts the connection (a resumed tab, a late timer): whoever can prove life does so now. */
  onProbe?: (() => void) | undefined;
  /**
   * Called when the client first leaves `idle`, or by `use` later; what it returns runs at removal or at
   * `closed`. A plugin with `setup` serves one client at a time: a second is a `ConfigurationError`.
   */
  setup?: ((context: PluginContext) => void | (() => void)) | undefined;
}

/** What `onMessage` may answer: nothing keeps, a value replaces, an array splits, `DROP` swallows. */
export type Received = Message | readonly Message[] | typeof DROP | void;
/** What `onSend` may answer: nothing keeps, a value replaces, `DROP` means that the plugin took it. */
export type Outgoing = Message | typeof DROP | void;

/** A plugin that opens sockets. */
export interface Transport extends Plugin {
  connect(request: ConnectRequest, listener: ConnectionListener): Connection;
}
/** A plugin that chooses the delay before the next attempt. */
export interface RetryStrategy extends Plugin {
  nextDelay(context: RetryContext<DisconnectCause>): number | null;
}
/** A plugin that speaks with the server before the client counts as connected. */
export interface Handshake extends Plugin {
  handshake(session: HandshakeSession): Promise<void>;
  readonly connect?: never;
}
/** A plugin with any hooks but a transport's. */
export interface Extension extends Plugin {
  readonly connect?: never;
}
/** Nested lists are flattened; `false`, `null` and `undefined` are skipped; the same object twice is a `ConfigurationError`. */
export type PluginList = readonly (
  | Plugin
  | AnyRetryStrategy
  | PluginList
  | false
  | null
  | undefined
)[];

type NoTypo<P> = {
  [K in keyof P]: K extends keyof Plugin | "on"
    ? P[K]
    : K extends `on${Capitalize<string>}`
      ? never
      : P[K];
};
/** Identity. An unknown `onX` member is a compile error. */
export function definePlugin<P extends Plugin>(plugin: P & NoTypo<P>): P {
  return plugin;
}

/** What a plugin's `setup` is given. */
export interface PluginContext {
  readonly client: WebSocketClient;
  readonly clock: Clock;
  readonly random: Random;
  /** Aborts at teardown. */
  readonly signal: AbortSignal;
  /** Frames of any kind received on this connection. */
  readonly received: number;
  /**
   * Calls `task` once, when the next frame of any kind has been received on this connection: that tells when
   * a silence ended, and costs the frames that follow nothing. A later call takes the place of the one
   * before, of this plugin or this part of a `chain`. Forgotten with the connection; without one that is
   * open nothing happens.
   *
   * @throws ClientClosedError after teardown
   */
  onNextFrame(task: () => void): void;
  /** Receiving is paused by a slow reader: deadlines rest. */
  readonly paused: boolean;
  /** The transport of the live connection has protocol pings. */
  readonly canPing: boolean;
  /**
   * Sends a protocol ping (RFC 6455 §5.5.2), like the client's `ping` but without a promise, and calls
   * `answered` with the round trip in milliseconds. A later call gives up the answer to the one before, of
   * this plugin or this part of a `chain`. Forgotten with the connection.
   *
   * @throws NotConnectedError
   * @throws UnsupportedError when the transport has none
   * @throws ClientClosedError after teardown
   */
  ping(answered: (rtt: number) => void): void;
  /**
   * A handshake on the live connection. Waits for `connected`, sends ahead of the queue; with `hold`,
   * application messages wait meanwhile.
   *
   * @throws HandshakeTimeoutError after `timeout` milliseconds, counted from `connected`; while receiving
   *   is paused the deadline rests
   * @throws ConnectionLostError when that connection ends
   * @throws ClientClosedError
   */
  exchange<T>(
    run: (session: HandshakeSession) => Promise<T>,
    options?: ExchangeOptions,
  ): Promise<T>;
  /** Terminate this connection; judged and retried like any loss. */
  fail(cause: unknown): void;
  /**
   * Closes the connection with code 1000, or gives up the attempt or the wait, and rests in `idle`: no
   * failure, and who waits in `connect()`, `ready()` and `run()` goes on waiting, as does the queue. What
   * it returns dials again at once; until then `connect()` and `reconnect()` do so as well, and after
   * `disconnect()` nothing does. A client that is idle, closing or closed stays so.
   *
   * @throws ClientClosedError after teardown
   */
  suspend(): () => void;
  /** Calls every plugin's `onProbe`. */
  probe(): void;
  /** Raises `error` with a `PluginError`. */
  report(error: unknown): void;
}

/** How long an exchange may take, and what it keeps waiting. */
export interface ExchangeOptions {
  /** Milliseconds. @defaultValue the plugin's `handshakeTimeout`, else the client's */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Application messages wait until the exchange is over. @defaultValue false */
  readonly hold?: boolean | undefined;
}

/** What a waterfall hook learns about a message. */
export interface MessageContext {
  readonly client: WebSocketClient;
  readonly connectionId: number;
  /** Belongs to the connection. */
  readonly metadata: Map<string, unknown>;
  /** `plugin` for handshakes and exchanges, and for all that arrives before `connected`. */
  readonly origin: "application" | "plugin";
}

/** A handshake's view of the connection. */
export interface HandshakeSession {
  readonly connectionId: number;
  /** 0 for a dial asked for by `connect()`, n for the n-th retry of the outage. */
  readonly attempt: number;
  /** How often this client was connected before. */
  readonly reconnects: number;
  /** The subprotocol the server chose, or `""`. */
  readonly protocol: string;
  /** Belongs to the connection. */
  readonly metadata: Map<string, unknown>;
  /** Aborts when the connection ends, the deadline has passed or the handshake is over. */
  readonly signal: AbortSignal;
  /** What the handshake is at, for `state.step` and for errors: a handshake made of several sets it. */
  step: string;
  send(message: Sendable): void;
  /**
   * Claims the first message that matches; claims are tried in order of call; the others keep their
   * place.
   *
   * @throws HandshakeTimeoutError after `timeout` milliseconds
   * @throws ConnectionLostError when the connection ends, so that a step can judge closes too
   * @throws `signal.reason` when `signal` aborts: the claim is given up
   */
  receive(match?: (message: Message) => boolean, options?: Waiting): Promise<Message>;
}
