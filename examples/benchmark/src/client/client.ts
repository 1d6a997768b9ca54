/** How a client is to be made. */
export interface Setup {
  readonly deflate: boolean;
  /** Every message; text as a string. */
  readonly onMessage: (message: string | Uint8Array) => void;
  /** Each time when messages can be sent. */
  readonly onOpen?: () => void;
  /** Each time when a connection was lost. */
  readonly onLost?: () => void;
  /** Milliseconds between two signs of life; none without. */
  readonly heartbeat?: number;
  /** Milliseconds until a lost connection is dialled anew; never without. */
  readonly delay?: number;
  /** Messages that may wait for a connection. */
  readonly queue?: number;
}

/** What every client can do. */
export interface Socket {
  readonly bufferedAmount: number;
  send(message: string | Uint8Array): unknown;
}

/** A peer, or this client in one of its ways. What `open` gives is the client itself, without anything around it. */
export interface Adapter<S extends Socket = Socket> {
  /** Resolves when messages can be sent. */
  open(url: string): Promise<S>;
  end(socket: S): void;
}
