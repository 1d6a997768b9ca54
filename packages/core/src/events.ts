import type { DisconnectCause, DropReason, StreamTungsteniteError } from "./errors.ts";
import type { ClientState } from "./machine.ts";
import type { Message } from "./message.ts";
import type { OpenInfo } from "./transport.ts";

/** From where to where. */
export interface StateChange {
  readonly from: ClientState;
  readonly to: ClientState;
}

/** What a client tells. `state` is set first, then `state` fires, then the event of its own name. */
export interface ClientEvents {
  connecting: { readonly attempt: number };
  /** The socket is open; application handshakes follow. */
  open: OpenInfo;
  /** All handshakes are done. */
  connected: { readonly id: number; readonly attempt: number; readonly reconnects: number };
  /**
   * Follows only `connected`. `cause` is absent when the application asked for it. `uptime` in
   * milliseconds. `bufferedAmount`: bytes whose fate is unknown; they are never sent again.
   */
  disconnected: {
    readonly cause?: DisconnectCause;
    readonly willRetry: boolean;
    readonly uptime: number;
    readonly bufferedAmount: number;
  };
  /** `delay` in milliseconds, `until` in milliseconds since the epoch. */
  reconnectScheduled: {
    readonly attempt: number;
    readonly delay: number;
    readonly until: number;
    readonly cause: DisconnectCause;
  };
  /** A failed dial or handshake that will be retried, a plugin's fault, … Without a listener it is not thrown. */
  error: { readonly error: StreamTungsteniteError; readonly attempt: number };
  /** The client gave up. Not also an `error`. */
  fatal: { readonly error: StreamTungsteniteError };
  /** `close()` began. */
  shutdown: Record<never, never>;
  /** Last of all. */
  closed: { readonly cause: StreamTungsteniteError | null };
  state: StateChange;
  message: Message;
  /** The send queue is empty again. */
  drain: Record<never, never>;
  /** A slow reader lost messages. */
  lagged: { readonly skipped: number };
  /** Accepted messages that will not be sent, as they were given. */
  dropped: { readonly messages: readonly Message[]; readonly reason: DropReason };
}

/** Every event but `message`, as one union. */
export type ClientEvent = {
  [K in Exclude<keyof ClientEvents, "message">]: { readonly type: K } & ClientEvents[K];
}[Exclude<keyof ClientEvents, "message">];
