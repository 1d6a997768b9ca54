import type { Message } from "../../message.ts";
import type { Transport } from "../../plugin.ts";

/** What the contract kit needs to try a transport. */
export interface TransportHarness {
  /** A new transport object for each case. */
  transport(): Transport;
  /** A server for each case, which may be the same one every time; it is closed after the case. */
  server(): Promise<ContractServer>;
  /** What the transport can do, or the runtime lets it do. @defaultValue all of it */
  readonly capabilities?: ContractCapabilities | undefined;
}

/** Cases that need what is `false` here are skipped; each is `true` unless stated. */
export interface ContractCapabilities {
  /** `Connection.ping` and `onPong`. */
  readonly ping?: boolean | undefined;
  /** `Connection.pause` and `resume`. */
  readonly pause?: boolean | undefined;
  /** `Connection.flush`. */
  readonly flush?: boolean | undefined;
  /** `onDrain`, and a `bufferedAmount` that grows while the server does not read. */
  readonly drain?: boolean | undefined;
  /** `onActivity` for the server's pings. */
  readonly activity?: boolean | undefined;
  /**
   * A failed dial tells why: a `ConnectError` with phase, HTTP status and `Retry-After`; and one under way
   * how far it has come: `Connection.phase`.
   */
  readonly errors?: boolean | undefined;
}

/** How the server answers one dial. */
export type ContractAnswer =
  /** Completes the opening handshake; `protocol` is one of those offered, `greeting` is sent at once. */
  | {
      readonly type: "accept";
      readonly protocol?: string | undefined;
      readonly greeting?: string | undefined;
    }
  /** Answers with an HTTP status; `retryAfter` in seconds, as the header has it. */
  | { readonly type: "refuse"; readonly status: number; readonly retryAfter?: number | undefined }
  /** Takes the request and never answers it. */
  | { readonly type: "hold" }
  /** Takes the request and drops the TCP connection. */
  | { readonly type: "drop" };

/**
 * A server that the kit commands. All methods are asynchronous so that it may run in another process, as
 * it must for a transport in a browser.
 */
export interface ContractServer {
  /** Where it listens: `ws:` or `wss:`. */
  readonly url: string;
  /** A URL at which nobody listens, so that TCP is refused. */
  readonly nowhere: string;
  /** How the next dial is answered; without a word it is accepted, with no subprotocol. */
  answerNext(answer: ContractAnswer): Promise<void>;
  /** Resolves when a dial has arrived that is answered with `hold`. */
  held(): Promise<void>;
  /** The next accepted connection, in order. */
  nextPeer(): Promise<ContractPeer>;
  /** Drops what is left and frees the port. */
  close(): Promise<void>;
}

/** The server's end of a connection. Commands resolve when the server has carried them out. */
export interface ContractPeer {
  /** The URL that was dialed, or its path and query: what the request line had. */
  readonly path: string;
  /** Sends a text message, or bytes as a binary one. */
  send(message: Message): Promise<void>;
  /** The next message received, in order. Rejects when the connection ends without one. */
  next(): Promise<Message>;
  /** Sends a ping frame; resolves when a pong with this payload has arrived. */
  ping(payload: Uint8Array): Promise<void>;
  /** Starts the closing handshake; without a code the close frame is empty. */
  close(code?: number, reason?: string): Promise<void>;
  /** Drops the TCP connection without a close frame. */
  drop(): Promise<void>;
  /** How the connection ended as the server saw it. */
  closed(): Promise<{ readonly code: number; readonly reason: string }>;
  /** Stops reading from TCP, so that the client's bytes pile up. */
  stall(): Promise<void>;
  /** Reads again. */
  unstall(): Promise<void>;
}
