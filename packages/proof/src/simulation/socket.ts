import type {
  CloseInfo,
  Connection,
  ConnectionListener,
  ConnectRequest,
  Message,
} from "@stream-tungstenite/core";
import { textOf } from "./journal.ts";
import type { Wire } from "./wire.ts";

interface Buffered {
  readonly text: string;
  rest: number;
}
interface Flush {
  /** Bytes that must have left. */
  readonly target: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const abnormal: CloseInfo = { code: 1006, reason: "", wasClean: false };

/** One socket, seen from both ends. Calls that no client may make on it are broken rules. */
export class Socket implements Connection {
  readonly number: number;
  readonly request: ConnectRequest;
  readonly listener: ConnectionListener;
  /** The client's number for it; 0 until it is open. */
  connectionId = 0;
  isOpened = false;
  /** The client dropped it. */
  isTerminated = false;
  /** The client was told of its end. */
  isTold = false;
  /** The peer is gone, but the client was not told yet. */
  isDead = false;
  isPaused = false;
  isSlow = false;
  halfOpen: "buffers" | "void" | null = null;
  /** When a frame reached the client last. */
  lastFrameAt = 0;
  closeFrame: { readonly code: number; readonly reason: string } | null = null;
  bufferedAmount = 0;
  /** `onDrain` is due, but late. */
  owesDrain = false;
  readonly pings: Uint8Array[] = [];
  readonly ping?: (payload?: Uint8Array) => void;
  readonly pause?: () => void;
  readonly resume?: () => void;
  readonly flush?: () => Promise<void>;
  readonly #wire: Wire;
  #buffer: Buffered[] = [];
  #held = 0;
  #leftBytes = 0;
  #isFull = false;
  #flushes: Flush[] = [];

  constructor(wire: Wire, number: number, request: ConnectRequest, listener: ConnectionListener) {
    this.#wire = wire;
    this.number = number;
    this.request = request;
    this.listener = listener;
    const { canPing, canPause, canFlush } = wire.host.settings;
    if (canPing) this.ping = (payload = new Uint8Array()) => this.#ping(payload);
    if (canPause) {
      this.pause = () => this.#pause();
      this.resume = () => this.#resume();
    }
    if (canFlush) this.flush = () => this.#flush();
  }

  get isAlive(): boolean {
    return !this.isTold && !this.isTerminated;
  }
  /** What the server does reaches the client. */
  get isHeard(): boolean {
    return this.isAlive && this.isOpened && this.halfOpen === null && !this.isDead;
  }

  /** Nothing is in its buffer, and whoever asked it to tell was told. */
  get isFlushed(): boolean {
    return this.bufferedAmount === 0 && this.#flushes.length === 0;
  }

  // ── the client's end ──────────────────────────────────────────────────────────────────────────────

  send(message: Message): number | void {
    const { host } = this.#wire;
    const text = textOf(message);
    if (!this.isAlive)
      host.journal.breaks(`'${text}' was sent on socket ${this.number}, which has ended`);
    if (!this.isOpened)
      host.journal.breaks(`'${text}' was sent before socket ${this.number} was open`);
    if (this.closeFrame) host.journal.breaks(`'${text}' was sent after the close frame`);
    if (this.#wire.refusesNext || this.isDead) {
      this.#wire.refusesNext = false;
      host.journal.saw("transport: throws at a message");
      throw new Error("not taken");
    }
    host.journal.note(`socket ${this.number} takes '${text}'`);
    host.took(this, text);
    this.#put(text, text.length);
    if (text.startsWith("q") && this.#wire.replies) queueMicrotask(() => this.receive());
    return host.settings.tellsBytes ? text.length : undefined;
  }

  close(code: number, reason: string): void {
    const { host } = this.#wire;
    if (!this.isAlive || !this.isOpened)
      host.journal.breaks(`close on socket ${this.number}, which is not open`);
    if (this.closeFrame) host.journal.breaks(`socket ${this.number} was closed twice`);
    host.journal.note(`socket ${this.number} is closed with ${code}`);
    this.closeFrame = { code, reason };
    this.#put("", 0);
    this.#answerClose();
  }

  terminate(): void {
    if (!this.isAlive) return;
    this.#wire.host.journal.note(`socket ${this.number} is terminated`);
    this.isTerminated = true;
    this.#end();
    // What the contract says; the client must not need it.
    queueMicrotask(() => this.tell(abnormal));
  }

  // ── the server's end ──────────────────────────────────────────────────────────────────────────────

  open(): void {
    this.isOpened = true;
    this.lastFrameAt = this.#wire.host.now();
    this.listener.onOpen({ protocol: "", extensions: "" });
  }

  /** A message for the client; while paused it waits. */
  receive(onItsWay = false): void {
    if (!this.isHeard) return;
    if (this.isPaused && !onItsWay) this.#held++;
    else this.#deliver();
  }

  /** The end, as the client learns of it. */
  tell(close: CloseInfo): void {
    const wasAlive = this.isAlive;
    this.isTold = true;
    if (wasAlive) {
      this.#wire.host.journal.note(`socket ${this.number} ends with ${close.code}`);
      this.#end();
    }
    this.listener.onClose(close);
  }

  /** The server ends it: the client learns of it now, or later. */
  end(close: CloseInfo, late: boolean): void {
    if (!this.isHeard) return;
    if (late) this.isDead = true;
    else this.tell(close);
  }

  pong(payload: Uint8Array): void {
    if (!this.isHeard) return;
    this.lastFrameAt = this.#wire.host.now();
    this.listener.onPong(payload);
  }

  slow(): void {
    this.isSlow = true;
  }

  flow(): void {
    this.isSlow = false;
    this.drain(Infinity, false);
  }

  drain(bytes: number, late: boolean): void {
    if (!this.isAlive || this.halfOpen) return;
    let left = bytes;
    while (this.#buffer.length > 0) {
      const first = this.#buffer[0]!;
      const part = Math.min(first.rest, left);
      first.rest -= part;
      left -= part;
      this.bufferedAmount -= part;
      this.#leftBytes += part;
      if (first.rest > 0) break;
      this.#buffer.shift();
      if (first.text !== "") this.#wire.host.left(first.text, false);
    }
    if (this.#isFull && this.bufferedAmount < this.request.highWaterMark) {
      this.#isFull = false;
      this.owesDrain = true;
    }
    if (this.owesDrain && !late) {
      this.owesDrain = false;
      this.listener.onDrain();
    }
    for (const flush of this.#flushes.splice(0)) {
      if (flush.target <= this.#leftBytes) flush.resolve();
      else this.#flushes.push(flush);
    }
    this.#answerClose();
  }

  // ── small things ──────────────────────────────────────────────────────────────────────────────────

  #put(text: string, bytes: number): void {
    const { host } = this.#wire;
    // Bytes leave in order.
    const isKept =
      this.#buffer.length > 0 ||
      this.halfOpen === "buffers" ||
      (this.halfOpen === null && this.isSlow);
    if (!isKept) {
      if (text !== "") host.left(text, false);
      this.#leftBytes += bytes;
      return;
    }
    this.#buffer.push({ text, rest: bytes });
    this.bufferedAmount += bytes;
    if (this.bufferedAmount >= this.request.highWaterMark) this.#isFull = true;
  }

  #answerClose(): void {
    if (!this.closeFrame || !this.#wire.answersClose || !this.isHeard || this.#buffer.length > 0)
      return;
    // Who has stopped receiving hears no answer.
    if (this.isPaused) return;
    const { code, reason } = this.closeFrame;
    queueMicrotask(() => this.isAlive && this.tell({ code, reason, wasClean: true }));
  }

  #deliver(): void {
    this.lastFrameAt = this.#wire.host.now();
    this.listener.onMessage(this.#wire.host.arrives(this, false));
  }

  #ping(payload: Uint8Array): void {
    if (!this.isAlive)
      this.#wire.host.journal.breaks(`a ping on socket ${this.number}, which has ended`);
    this.pings.push(payload);
    if (this.#wire.replies) queueMicrotask(() => this.pong(payload));
  }

  #pause(): void {
    this.#wire.host.journal.saw("paused");
    this.isPaused = true;
  }

  #resume(): void {
    this.isPaused = false;
    queueMicrotask(() => {
      while (this.#held > 0 && !this.isPaused && this.isHeard) {
        this.#held--;
        this.#deliver();
      }
      this.#answerClose();
    });
  }

  #flush(): Promise<void> {
    if (this.bufferedAmount === 0) return Promise.resolve();
    const target = this.#leftBytes + this.bufferedAmount;
    return new Promise((resolve, reject) => this.#flushes.push({ target, resolve, reject }));
  }

  /** What is buffered has an unknown fate. */
  #end(): void {
    for (const { text } of this.#buffer) if (text !== "") this.#wire.host.left(text, true);
    this.#buffer = [];
    for (const { reject } of this.#flushes.splice(0)) reject(new Error("the socket has ended"));
  }
}
