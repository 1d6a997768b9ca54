import type { ConnectPhase } from "./errors.ts";
import type { Message } from "./message.ts";

/** What a transport is asked: open one socket. */
export interface ConnectRequest {
  /** Absolute, `ws:` or `wss:`, without a fragment. It may hold credentials: never log it. */
  readonly url: string;
  /** Subprotocols offered in the opening handshake (RFC 6455 §1.9). */
  readonly protocols: readonly string[];
  /** TCP_NODELAY, where the transport can. */
  readonly noDelay: boolean;
  /** Bytes of `bufferedAmount` at which the client stops sending until `onDrain`. */
  readonly highWaterMark: number;
  /** 0 for a dial asked for by `connect()`, n for the n-th retry of the outage. */
  readonly attempt: number;
  /** Aborts whatever the transport still awaits; not any more once the client is connected. */
  readonly signal: AbortSignal;
}

/**
 * What a transport tells. No call before `connect` has returned, none from inside a method of
 * `Connection`:
 *
 * ```text
 *            ┌── onMessage, onDrain, onPong, onActivity ──┐
 * connect ──► onOpen ──────────────────────────────────────► onClose
 *        └──────────────── a failed dial ──────────────────►
 * ```
 */
export interface ConnectionListener {
  /** At most once. */
  onOpen(info: OpenInfo): void;
  /**
   * One whole message. A transport that knows the payload's length in bytes says it; otherwise the
   * client counts a text's bytes itself.
   */
  onMessage(message: Message, byteLength?: number): void;
  /** Exactly once, last; also after a failed dial. */
  onClose(close: CloseInfo): void;
  /** `bufferedAmount` fell below the mark after having reached it. */
  onDrain(): void;
  onPong(payload: Uint8Array): void;
  /** Any other control frame. */
  onActivity(): void;
}

/** What the opening handshake agreed on. */
export interface OpenInfo {
  /** The subprotocol the server chose, or `""`. */
  readonly protocol: string;
  /** The extensions in use (RFC 6455 §9), or `""`. */
  readonly extensions: string;
}

/** One socket. */
export interface Connection {
  /** How far the dial has come, for the error when it takes too long. @defaultValue "unknown" */
  readonly phase?: ConnectPhase | undefined;
  /** Bytes accepted and not yet on the network. */
  readonly bufferedAmount: number;
  /**
   * After open it throws only for a message it did not take: the client keeps that one first in its
   * queue and the connection is lost. May return the payload's length in bytes; otherwise the client
   * counts a text's bytes itself.
   */
  send(message: Message): number | void;
  /** Starts the closing handshake (RFC 6455 §7.1.2); before open it terminates. */
  close(code: number, reason: string): void;
  /** Drop it now; nothing but `onClose` follows. */
  terminate(): void;
  /** Sends a ping frame (RFC 6455 §5.5.2) of at most 125 bytes. */
  ping?: ((payload?: Uint8Array) => void) | undefined;
  /** Stops receiving, down to TCP. */
  pause?: (() => void) | undefined;
  resume?: (() => void) | undefined;
  /** Resolves when all that was sent is on the network. */
  flush?: (() => Promise<void>) | undefined;
}

/** Without a close frame (RFC 6455 §7.1.5). */
export const abnormal: CloseInfo = { code: 1006, reason: "", wasClean: false };

/** How a socket ended (RFC 6455 §7.1.5 and §7.1.6). */
export interface CloseInfo {
  /** 1005 when the peer's close frame held none, 1006 without a close frame. */
  readonly code: number;
  readonly reason: string;
  /** Whether the closing handshake was completed. */
  readonly wasClean: boolean;
  /** Should be a `ConnectError`; anything else is wrapped with phase `unknown`. */
  readonly error?: unknown;
}
