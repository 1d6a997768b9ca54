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

import { isTransientCloseCode, isTransientStatus } from "./transient.ts";
import type { CloseInfo } from "./transport.ts";

const brand: symbol = Symbol.for("@stream-tungstenite/error");

/** The root of every error the packages raise. */
export abstract class StreamTungsteniteError extends Error {
  /** Stable: safe to compare with. */
  declare readonly code: string;
  /** Whether trying again may succeed. */
  declare readonly retryable: boolean;
}
Object.defineProperty(StreamTungsteniteError.prototype, brand, { value: true });

/** Like `instanceof StreamTungsteniteError`, and true across two copies of the package. */
export function isStreamTungsteniteError(value: unknown): value is StreamTungsteniteError {
  return typeof value === "object" && value !== null && brand in value;
}

/** Options that cannot work. `faults` lists all of them, not only the first. */
export class ConfigurationError extends StreamTungsteniteError {
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
  // oxlint-disable-next-line no-useless-constructor -- narrows the parameters of Error
  constructor(message: string) {
    super(message);
  }
}

/** `run()` was called while an earlier call still runs. */
export class AlreadyRunningError extends StreamTungsteniteError {
  constructor() {
    super("run() is already running; it settles when the client closes");
  }
}

/** The client was closed, or gave up (then `cause` says why). */
export class ClientClosedError extends StreamTungsteniteError {
  constructor(message = "The client is closed", options?: ErrorOptions) {
    super(message, options);
  }
}

/** A hook of a plugin threw, or answered what it must not. `cause` is what it threw. */
export class PluginError extends StreamTungsteniteError {
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
  override readonly retryable: boolean;
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
    super(message, options);
    const { phase, status, retryAfter, retryable } = options;
    this.phase = phase;
    if (status !== undefined) this.status = status;
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
    this.retryable = retryable ?? (status === undefined || isTransientStatus(status));
  }
}

/** The dial took longer than `connectTimeout`. */
export class ConnectTimeoutError extends ConnectError {}

/** An application handshake failed; retried. */
export class HandshakeError extends StreamTungsteniteError {
  /** Name of the plugin whose handshake it was. */
  readonly step: string;

  constructor(message: string, options?: ErrorOptions & { readonly step?: string | undefined }) {
    super(message, options);
    this.step = options?.step ?? "";
  }
}

/** An application handshake took longer than its deadline; retried. */
export class HandshakeTimeoutError extends HandshakeError {}

/** The server refused the application handshake. Fatal unless a `shouldReconnect` says otherwise. */
export class HandshakeRejectedError extends HandshakeError {}

/** An open connection ended. `close` says how. */
export class ConnectionLostError extends StreamTungsteniteError {
  override readonly retryable: boolean;
  readonly close: CloseInfo;

  constructor(close: CloseInfo, message?: string) {
    super(
      message ??
        `Connection lost: close code ${close.code}${close.reason && ` '${close.reason.replace(/\p{C}/gu, " ")}'`}${because(close.error)}`,
      close.error === undefined ? undefined : { cause: close.error },
    );
    this.close = close;
    this.retryable = isTransientCloseCode(close.code);
  }
}

/** Nothing was received for too long, or a heartbeat was not answered; retried. */
export class IdleTimeoutError extends ConnectionLostError {
  override readonly retryable: boolean = true;
}

/** The retry strategy gave up; `cause` is the last failure. */
export class RetriesExhaustedError extends StreamTungsteniteError {
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
  constructor(highWaterMark: number) {
    super(`The reader fell behind by more than its ${highWaterMark} messages`);
  }
}

/** `ready`, `once` or `ping` waited longer than its `timeout`. */
export class TimeoutError extends StreamTungsteniteError {}

/** A message was not, or will not be, sent. */
export abstract class SendError extends StreamTungsteniteError {}

/** The send queue has no room, or never would have for a message of this size. */
export class QueueFullError extends SendError {}

/** There is no connection, and the call does not wait for one. */
export class NotConnectedError extends SendError {}

/** The message was not taken in time. It will not be sent later. */
export class SendTimeoutError extends SendError {}

/** An accepted message left the queue unsent. */
export class MessageDroppedError extends SendError {
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

// On the prototypes, so that the stack's first line has the name already. Written out, since classes lose their
// names when an application is minified; the code follows: NotConnectedError has NOT_CONNECTED.
const names: readonly (readonly [
  error: { readonly prototype: object },
  name: string,
  retryable: boolean,
])[] = [
  [ConfigurationError, "Configuration", false],
  [UnsupportedError, "Unsupported", false],
  [AlreadyRunningError, "AlreadyRunning", false],
  [ClientClosedError, "ClientClosed", false],
  [PluginError, "Plugin", true],
  [ConnectError, "Connect", true],
  [ConnectTimeoutError, "ConnectTimeout", true],
  [HandshakeError, "Handshake", true],
  [HandshakeTimeoutError, "HandshakeTimeout", true],
  [HandshakeRejectedError, "HandshakeRejected", false],
  [ConnectionLostError, "ConnectionLost", true],
  [IdleTimeoutError, "IdleTimeout", true],
  [RetriesExhaustedError, "RetriesExhausted", false],
  [ReaderOverflowError, "ReaderOverflow", false],
  [TimeoutError, "Timeout", true],
  [QueueFullError, "QueueFull", true],
  [NotConnectedError, "NotConnected", true],
  [SendTimeoutError, "SendTimeout", true],
  [MessageDroppedError, "MessageDropped", false],
];
for (const [{ prototype }, name, retryable] of names) {
  const code = name.replace(/\B[A-Z]/g, "_$&").toUpperCase();
  Object.assign(prototype, { name: `${name}Error`, code, retryable });
}
