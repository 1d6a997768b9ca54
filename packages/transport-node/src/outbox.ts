import { Buffer } from "node:buffer";
import type { Socket } from "node:net";
import {
  ConnectionLostError,
  type CloseInfo,
  type ConnectionListener,
  type Message,
} from "@stream-tungstenite/core";
import { WebSocket } from "ws";
import { writeFrame } from "./frame-writer.ts";
import type { NextMask } from "./masks.ts";
import { TurnCork } from "./turn-cork.ts";

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
  /** The socket where frames go straight to it: an extension would change them. */
  readonly #direct: Socket | undefined;
  readonly #nextMask: NextMask;
  readonly #highWaterMark: number;
  readonly #listener: ConnectionListener;
  #sent = 0;
  #written = 0;
  /** As last seen while the socket lived: a dead one has forgotten it. */
  #buffered = 0;
  #full = false;
  #closed: CloseInfo | undefined;
  #flushes: Flush[] = [];

  /** Without the socket below `ws`, nothing is corked, and `ws` writes the frames. */
  constructor(
    ws: WebSocket,
    socket: Socket | undefined,
    nextMask: NextMask,
    highWaterMark: number,
    listener: ConnectionListener,
  ) {
    this.#ws = ws;
    this.#socket = socket;
    this.#cork = socket && new TurnCork(socket);
    this.#direct = ws.extensions === "" ? socket : undefined;
    this.#nextMask = nextMask;
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
    let bytes: number;
    this.#cork?.hold();
    if (this.#direct) {
      // Opcodes of RFC 6455 §5.6.
      bytes = writeFrame(this.#direct, isText ? 1 : 2, message, this.#nextMask, this.#onWritten);
    } else {
      bytes = Buffer.byteLength(message);
      this.#ws.send(message, this.#onWritten);
    }
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
