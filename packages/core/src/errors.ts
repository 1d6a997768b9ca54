// The error tree. Every error has a stable `code`, says whether trying again may help (`retryable`), and
// keeps what caused it in `cause`.
//
//   StreamTungsteniteError
//   ├── ConfigurationError          options that cannot work; lists every fault
//   ├── UnsupportedError            the transport or runtime cannot do it
//   ├── AlreadyRunningError         a second run()
//   ├── ClientClosedError           the client was closed
//   ├── PluginError                 a plugin's hook threw
//   ├── ConnectError                the dial failed: phase, HTTP status, Retry-After
//   │   └── ConnectTimeoutError
//   ├── HandshakeError              an application handshake failed
//   │   ├── HandshakeTimeoutError
//   │   └── HandshakeRejectedError  the server refused; fatal unless a plugin can cure it
//   ├── ConnectionLostError         an open connection ended
//   │   └── IdleTimeoutError        it was silent for too long
//   ├── RetriesExhaustedError       the retry strategy gave up
//   ├── ReaderOverflowError         a reader with overflow "error" fell behind
//   ├── TimeoutError                ready, once or ping waited longer than it was told to
//   └── SendError
//       ├── QueueFullError
//       ├── NotConnectedError
//       ├── SendTimeoutError
//       └── MessageDroppedError     an accepted message will not be sent

import type { CloseInfo } from "./transport.ts";

const brand: symbol = Symbol.for("@stream-tungstenite/error");

/** The root of every error the packages raise. */
export abstract class StreamTungsteniteError extends Error {
  /** Stable: safe to compare with. */
  abstract readonly code: string;
  /** Whether trying again may succeed. */
  abstract readonly retryable: boolean;
}
Object.defineProperty(StreamTungsteniteError.prototype, brand, { value: true });

/** Like `instanceof StreamTungsteniteError`, and true across two copies of the package. */
export function isStreamTungsteniteError(value: unknown): value is StreamTungsteniteError {
  return typeof value === "object" && value !== null && brand in value;
}

/** Options that cannot work. `faults` lists all of them, not only the first. */
export class ConfigurationError extends StreamTungsteniteError {
  override readonly name: string = "ConfigurationError";
  readonly code: string = "CONFIGURATION";
  readonly retryable: boolean = false;
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(
      faults.length === 1
        ? faults[0]
        : `${faults.length} faults:\n${faults.map((fault) => `- ${fault}`).join("\n")}`,
    );
    this.faults = faults;
  }
}

/** The transport or the runtime cannot do what was asked. */
export class UnsupportedError extends StreamTungsteniteError {
  override readonly name: string = "UnsupportedError";
  readonly code: string = "UNSUPPORTED";
  readonly retryable: boolean = false;

  // oxlint-disable-next-line no-useless-constructor -- narrows the parameters of Error
  constructor(message: string) {
    super(message);
  }
}

/** `run()` was called while an earlier call still runs. */
export class AlreadyRunningError extends StreamTungsteniteError {
  override readonly name: string = "AlreadyRunningError";
  readonly code: string = "ALREADY_RUNNING";
  readonly retryable: boolean = false;

  constructor() {
    super("run() is already running; it settles when the client closes");
  }
}

/** The client was closed, or gave up (then `cause` says why). */
export class ClientClosedError extends StreamTungsteniteError {
  override readonly name: string = "ClientClosedError";
  readonly code: string = "CLIENT_CLOSED";
  readonly retryable: boolean = false;

  constructor(message = "The client is closed", options?: ErrorOptions) {
    super(message, options);
  }
}

/** A hook of a plugin threw, or answered what it must not. `cause` is what it threw. */
export class PluginError extends StreamTungsteniteError {
  override readonly name: string = "PluginError";
  readonly code: string = "PLUGIN";
  readonly retryable: boolean = true;
  readonly plugin: string;
  readonly hook: string;

  constructor(plugin: string, hook: string, options: ErrorOptions) {
    super(`Plugin '${plugin}' failed in ${hook}${because(options.cause)}`, options);
    this.plugin = plugin;
    this.hook = hook;
  }
}

/** How far a dial came: its options, its URL, name resolution, TCP, TLS, the opening handshake. */
export type ConnectPhase = "options" | "url" | "dns" | "tcp" | "tls" | "upgrade" | "unknown";

/** The dial failed. */
export class ConnectError extends StreamTungsteniteError {
  override readonly name: string = "ConnectError";
  readonly code: string = "CONNECT";
  readonly retryable: boolean;
  readonly phase: ConnectPhase;
  /** HTTP status of the answer to the opening handshake. */
  declare readonly status?: number;
  /** Milliseconds the server asked to wait (`Retry-After`, RFC 9110 §10.2.3). */
  declare readonly retryAfter?: number;

  /** `retryable` defaults to whether the HTTP status is 408, 425, 429 or 5xx; without one to true. */
  constructor(
    message: string,
    options: ErrorOptions & {
      readonly phase: ConnectPhase;
      readonly status?: number | undefined;
      readonly retryAfter?: number | undefined;
      readonly retryable?: boolean | undefined;
    },
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    const { phase, status, retryAfter, retryable } = options;
    this.phase = phase;
    if (status !== undefined) this.status = status;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    this.retryable = retryable ?? (status === undefined || isTransientStatus(status));
  }
}

/** The dial took longer than `connectTimeout`. */
export class ConnectTimeoutError extends ConnectError {
  override readonly name: string = "ConnectTimeoutError";
  override readonly code: string = "CONNECT_TIMEOUT";
}

/** An application handshake failed; retried. */
export class HandshakeError extends StreamTungsteniteError {
  override readonly name: string = "HandshakeError";
  readonly code: string = "HANDSHAKE";
  readonly retryable: boolean = true;
  /** Name of the plugin whose handshake it was. */
  readonly step: string;

  constructor(message: string, options?: ErrorOptions & { readonly step?: string | undefined }) {
    super(message, options && "cause" in options ? { cause: options.cause } : undefined);
    this.step = options?.step ?? "";
  }
}

/** An application handshake took longer than its deadline; retried. */
export class HandshakeTimeoutError extends HandshakeError {
  override readonly name: string = "HandshakeTimeoutError";
  override readonly code: string = "HANDSHAKE_TIMEOUT";
}

/** The server refused the application handshake. Fatal unless a `shouldReconnect` says otherwise. */
export class HandshakeRejectedError extends HandshakeError {
  override readonly name: string = "HandshakeRejectedError";
  override readonly code: string = "HANDSHAKE_REJECTED";
  override readonly retryable: boolean = false;
}

/** An open connection ended. `close` says how. */
export class ConnectionLostError extends StreamTungsteniteError {
  override readonly name: string = "ConnectionLostError";
  readonly code: string = "CONNECTION_LOST";
  readonly retryable: boolean;
  readonly close: CloseInfo;

  constructor(close: CloseInfo, message?: string) {
    super(
      message ??
        `Connection lost: close code ${close.code}${close.reason && ` '${close.reason}'`}${because(close.error)}`,
      close.error === undefined ? undefined : { cause: close.error },
    );
    this.close = close;
    this.retryable = isTransientCloseCode(close.code);
  }
}

/** Nothing was received for too long, or a heartbeat was not answered; retried. */
export class IdleTimeoutError extends ConnectionLostError {
  override readonly name: string = "IdleTimeoutError";
  override readonly code: string = "IDLE_TIMEOUT";
  override readonly retryable: boolean = true;
}

/** The retry strategy gave up; `cause` is the last failure. */
export class RetriesExhaustedError extends StreamTungsteniteError {
  override readonly name: string = "RetriesExhaustedError";
  readonly code: string = "RETRIES_EXHAUSTED";
  readonly retryable: boolean = false;
  /** Retries made in this outage. */
  readonly attempts: number;
  /** Milliseconds since the outage began. */
  readonly elapsed: number;

  constructor(attempts: number, elapsed: number, options: ErrorOptions) {
    super(
      `Gave up after ${attempts} ${attempts === 1 ? "retry" : "retries"} in ${elapsed} ms${because(options.cause)}`,
      options,
    );
    this.attempts = attempts;
    this.elapsed = elapsed;
  }
}

/** A reader with `overflow: "error"` fell behind by more than its mark. */
export class ReaderOverflowError extends StreamTungsteniteError {
  override readonly name: string = "ReaderOverflowError";
  readonly code: string = "READER_OVERFLOW";
  readonly retryable: boolean = false;

  constructor(highWaterMark: number) {
    super(`The reader fell behind by more than its ${highWaterMark} messages`);
  }
}

/** `ready`, `once` or `ping` waited longer than its `timeout`. */
export class TimeoutError extends StreamTungsteniteError {
  override readonly name: string = "TimeoutError";
  readonly code: string = "TIMEOUT";
  readonly retryable: boolean = true;
}

/** A message was not, or will not be, sent. */
export abstract class SendError extends StreamTungsteniteError {}

/** The send queue has no room, or never would have for a message of this size. */
export class QueueFullError extends SendError {
  override readonly name: string = "QueueFullError";
  readonly code: string = "QUEUE_FULL";
  readonly retryable: boolean = true;
}

/** There is no connection, and the call does not wait for one. */
export class NotConnectedError extends SendError {
  override readonly name: string = "NotConnectedError";
  readonly code: string = "NOT_CONNECTED";
  readonly retryable: boolean = true;
}

/** The message was not taken in time. It will not be sent later. */
export class SendTimeoutError extends SendError {
  override readonly name: string = "SendTimeoutError";
  readonly code: string = "SEND_TIMEOUT";
  readonly retryable: boolean = true;
}

/** An accepted message left the queue unsent. */
export class MessageDroppedError extends SendError {
  override readonly name: string = "MessageDroppedError";
  readonly code: string = "MESSAGE_DROPPED";
  readonly retryable: boolean = false;
  readonly reason: DropReason;

  constructor(reason: DropReason) {
    super(`The message was dropped unsent: ${reason}`);
    this.reason = reason;
  }
}

/** Why an accepted message will not be sent. */
export type DropReason = "overflow" | "expired" | "disconnected" | "closed";

/** What can end a connection or a dial. */
export type DisconnectCause = ConnectError | HandshakeError | ConnectionLostError | PluginError;

function because(cause: unknown): string {
  return cause instanceof Error ? `: ${cause.message}` : "";
}

/** 408, 425, 429 and 5xx speak of the moment; other answers would be the same next time. */
function isTransientStatus(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status < 600);
}

/**
 * Not worth a retry: protocol error 1002, unsupported data 1003, invalid payload 1007, policy violation
 * 1008, message too big 1009, mandatory extension 1010, TLS failure 1015 (RFC 6455 §7.4.1), and by the
 * custom of applications 4401 (unauthorized) and 4403 (forbidden).
 */
function isTransientCloseCode(code: number): boolean {
  return !(
    code === 1002 ||
    code === 1003 ||
    (code >= 1007 && code <= 1010) ||
    code === 1015 ||
    code === 4401 ||
    code === 4403
  );
}

/**
 * Whether a retry may help: the default of the option `shouldReconnect`.
 *
 * | retried | not retried |
 * |---|---|
 * | URL or options function rejected, DNS, TCP, timeouts, TLS failures that are not about certificates, `unknown` | invalid URL, certificate rejected |
 * | HTTP 408, 425, 429, 5xx | other HTTP answers |
 * | close codes 1000 and 1001 that the client did not ask for, 1005, 1006, 1011–1014, all others not named | 1002, 1003, 1007–1010, 1015, 4401, 4403 |
 * | `HandshakeError`, `HandshakeTimeoutError`, `IdleTimeoutError`, `PluginError` | `HandshakeRejectedError` |
 *
 * Beyond this table the client retries HTTP 401 and 403 once per outage when the URL, headers or token is
 * a function, since it may give fresh credentials.
 */
export function isTransient(cause: DisconnectCause): boolean {
  return cause.retryable;
}
