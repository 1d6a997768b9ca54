import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import {
  ConnectionLostError,
  type CloseInfo,
  type ConnectionListener,
  type Message,
} from "@stream-tungstenite/core";
import { WebSocket } from "ws";
import { TurnCork } from "./turn-cork.ts";

const text = { binary: false };
const binary = { binary: true };
/** Characters up to which copying a text costs less than a second piece to write. */
const short = 512;

interface Flush {
  /** Count of messages that must have been written. */
  readonly target: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What is on its way out of an open socket. */
export class Outbox {
  readonly #ws: WebSocket;
  readonly #socket: Socket | undefined;
  readonly #cork: TurnCork | undefined;
  /** The socket does not tell how long a text was. */
  readonly #mustCount: boolean;
  readonly #highWaterMark: number;
  readonly #listener: ConnectionListener;
  #sent = 0;
  #written = 0;
  /** As last seen while the socket lived: a dead one has forgotten it. */
  #buffered = 0;
  #full = false;
  #closed: CloseInfo | undefined;
  #flushes: Flush[] = [];

  /** Without the socket below `ws`, nothing is corked. `hasOwnMask`: option `generateMask` of `ws`. */
  constructor(
    ws: WebSocket,
    socket: Socket | undefined,
    hasOwnMask: boolean,
    highWaterMark: number,
    listener: ConnectionListener,
  ) {
    this.#ws = ws;
    this.#socket = socket;
    this.#cork = socket && new TurnCork(socket);
    // An extension writes something else. With a mask of zeros `ws` hands on the string itself, whose characters
    // the socket counts; its own random masks are zero once in 2^32.
    this.#mustCount = hasOwnMask || !socket || ws.extensions !== "";
    this.#highWaterMark = highWaterMark;
    this.#listener = listener;
  }

  get bufferedAmount(): number {
    if (!this.#closed) return this.#ws.bufferedAmount;
    return this.#written === this.#sent ? 0 : this.#buffered;
  }

  /** Returns the payload's length in bytes. The socket must be open. */
  send(message: Message): number {
    const isText = typeof message === "string";
    // `ws` writes bytes in one piece, a string in two.
    const payload = isText && message.length < short ? Buffer.from(message) : message;
    const before = this.#ws.bufferedAmount;
    this.#cork?.hold();
    this.#ws.send(payload, isText ? text : binary, this.#onWritten);
    const bytes =
      typeof payload === "string"
        ? this.#lengthOf(payload, this.#ws.bufferedAmount - before)
        : payload.length;
    this.#cork?.settle(bytes);
    this.#sent++;
    this.#buffered = this.#ws.bufferedAmount;
    if (this.#buffered >= this.#highWaterMark) this.#full = true;
    return bytes;
  }

  /** Lets out what the cork holds. */
  release(): void {
    this.#cork?.release();
  }

  /**
   * Resolves when all that was sent so far is handed to the network.
   *
   * @throws ConnectionLostError when the connection ends before
   */
  flush(): Promise<void> {
    this.release();
    if (this.#written === this.#sent) return Promise.resolve();
    if (this.#closed) return Promise.reject(new ConnectionLostError(this.#closed));
    return new Promise((resolve, reject) => {
      this.#flushes.push({ target: this.#sent, resolve, reject });
    });
  }

  /** The socket is gone, and with it what was not written. */
  end(close: CloseInfo): void {
    this.#closed = close;
    for (const { reject } of this.#flushes.splice(0)) reject(new ConnectionLostError(close));
  }

  /**
   * Bytes of a long text, from what its frame has added to the corked socket: `ws` has encoded it, and
   * counting again takes a twentieth of the time of sending.
   */
  #lengthOf(payload: string, frame: number): number {
    // Nothing was added where the socket is dead already.
    if (this.#mustCount || frame < payload.length) return Buffer.byteLength(payload);
    // Header, length of 2 or 8 bytes, mask (RFC 6455 §5.2).
    return frame - (frame < 65_550 ? 8 : 14);
  }

  // One function for all messages. The stream calls it later, never from inside `send`.
  readonly #onWritten = (error?: Error | null): void => {
    // Node 20 reports a write that was cut off by the end of the socket as done.
    if (error || this.#closed || this.#socket?.destroyed) return;
    this.#written++;
    this.#buffered = this.#ws.bufferedAmount;
    if (this.#full && this.#buffered < this.#highWaterMark) {
      this.#full = false;
      if (this.#ws.readyState === WebSocket.OPEN) this.#listener.onDrain();
    }
    while ((this.#flushes[0]?.target ?? Infinity) <= this.#written)
      this.#flushes.shift()?.resolve();
  };
}
