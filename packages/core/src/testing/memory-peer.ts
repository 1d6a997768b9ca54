import { byteLength, type Message } from "../message.ts";
import type { ConnectionListener } from "../transport.ts";
import type { MemorySocket, SocketPeer } from "./memory-socket.ts";

/** The server's end of one in-memory connection. What it does reaches the client at once if it can. */
export interface MemoryPeer {
  /** The URL that was dialed. */
  readonly url: string;
  /** Every message that arrived, in order. */
  readonly received: readonly Message[];
  /** Payloads of the pings that arrived. */
  readonly pings: readonly Uint8Array[];
  /** Payloads of the pongs that arrived, the answers to `ping`. */
  readonly pongs: readonly Uint8Array[];
  /** The close frame with which the client began to close, or `null`. */
  readonly closeFrame: { readonly code: number; readonly reason: string } | null;
  /** Whether both ends are there, as far as the server knows. */
  readonly isOpen: boolean;
  /** The client has stopped receiving: what is sent now waits. */
  readonly paused: boolean;
  /** Whether pings are answered. @defaultValue true */
  answersPings: boolean;
  /** Whether a close frame is answered, which completes the closing handshake. @defaultValue true */
  answersClose: boolean;
  /** The client's listener itself, to call it late, twice or out of turn. */
  readonly listener: ConnectionListener;

  /** Sends a message; `false` when the connection is gone. */
  send(message: Message): boolean;
  /** The next message that was not yet taken this way; rejects when the connection ends without one. */
  next(): Promise<Message>;
  /** Tells of every message in a microtask of its own. Returns the undo. */
  onMessage(handler: (message: Message) => void): () => void;
  /** Sends a ping frame, which the client's side answers by itself. */
  ping(payload?: Uint8Array): void;
  /** Sends a pong frame that nobody asked for. */
  pong(payload?: Uint8Array): void;
  /** Sends a close frame; the client learns of the code, or of 1005 without one. */
  close(code?: number, reason?: string): void;
  /** Answers the close frame that arrived, where `answersClose` is false. */
  answerClose(): void;
  /** Ends the connection without a close frame: 1006. A paused client learns of it when it resumes. */
  drop(): void;
  /**
   * From now on nothing arrives on either side and nobody is told. With `buffers` what the client sends
   * stays in its `bufferedAmount`, otherwise it vanishes.
   */
  halfOpen(options?: { readonly buffers?: boolean | undefined }): void;
  /** What the client sends stays in its `bufferedAmount` until `drain` or `flow`. */
  slow(): void;
  /** Takes so many bytes of what is buffered. @defaultValue all */
  drain(bytes?: number): void;
  /** Takes all that is buffered, and what follows at once. */
  flow(): void;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;
}

const empty = new Uint8Array();

/** Calls made by the server, forwarded to the socket. */
export class Peer implements MemoryPeer, SocketPeer {
  readonly received: Message[] = [];
  readonly pings: Uint8Array[] = [];
  readonly pongs: Uint8Array[] = [];
  closeFrame: { readonly code: number; readonly reason: string } | null = null;
  answersPings = true;
  answersClose = true;
  readonly #socket: MemorySocket;
  readonly #handlers: Set<(message: Message) => void> = new Set();
  readonly #onMessage: ReadonlySet<(message: Message, peer: MemoryPeer) => void>;
  #isOpen = true;
  #taken = 0;
  #takers: { resolve: (message: Message) => void; reject: (error: Error) => void }[] = [];
  #ended: Promise<void> | undefined;
  #end: (() => void) | undefined;

  /** `onMessage` holds the handlers of the whole server. */
  constructor(
    socket: MemorySocket,
    onMessage: ReadonlySet<(message: Message, peer: MemoryPeer) => void>,
  ) {
    this.#socket = socket;
    this.#onMessage = onMessage;
  }

  get url(): string {
    return this.#socket.request.url;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get paused(): boolean {
    return this.#socket.downlink.paused;
  }

  get listener(): ConnectionListener {
    return this.#socket.listener;
  }

  get ended(): Promise<void> {
    this.#ended ??= this.#isOpen
      ? new Promise((resolve) => (this.#end = resolve))
      : Promise.resolve();
    return this.#ended;
  }

  send(message: Message): boolean {
    if (!this.#isOpen) return false;
    const bytes = byteLength(message);
    this.#socket.deliver(() => this.listener.onMessage(message, bytes));
    return true;
  }

  next(): Promise<Message> {
    if (this.#taken < this.received.length) {
      return Promise.resolve(this.received[this.#taken++]!);
    }
    if (!this.#isOpen) return Promise.reject(noMore());
    return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
  }

  onMessage(handler: (message: Message) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  ping(payload: Uint8Array = empty): void {
    if (!this.#isOpen) return;
    this.#socket.deliver(() => {
      this.#socket.control(() => this.ponged(payload));
      this.listener.onActivity();
    });
  }

  pong(payload: Uint8Array = empty): void {
    if (this.#isOpen) this.#socket.deliver(() => this.listener.onPong(payload));
  }

  close(code: number = 1005, reason: string = ""): void {
    if (!this.#isOpen) return;
    this.#left();
    this.#socket.finish({ code, reason, wasClean: true });
  }

  answerClose(): void {
    if (this.closeFrame) this.close(this.closeFrame.code, this.closeFrame.reason);
  }

  drop(): void {
    if (!this.#isOpen) return;
    this.#left();
    this.#socket.finish();
  }

  halfOpen(options?: { readonly buffers?: boolean | undefined }): void {
    this.#socket.deafen();
    this.#socket.uplink.cut(options?.buffers ?? false);
  }

  slow(): void {
    this.#socket.uplink.slow();
  }

  drain(bytes: number = Infinity): void {
    this.#socket.uplink.drain(bytes);
  }

  flow(): void {
    this.#socket.uplink.flow();
  }

  // What the socket tells.

  arrived(message: Message): void {
    if (!this.#isOpen) return;
    this.received.push(message);
    if (this.#takers.length > 0) {
      this.#taken++;
      this.#takers.shift()!.resolve(message);
    }
    // Later, since the client is inside its `send`: an answer must not come before that has returned.
    for (const handler of this.#handlers) queueMicrotask(() => handler(message));
    for (const handler of this.#onMessage) queueMicrotask(() => handler(message, this));
  }

  pinged(payload: Uint8Array): void {
    this.pings.push(payload);
    if (this.answersPings) queueMicrotask(() => this.pong(payload));
  }

  ponged(payload: Uint8Array): void {
    this.pongs.push(payload);
  }

  closing(code: number, reason: string): void {
    this.closeFrame = { code, reason };
    if (this.answersClose) queueMicrotask(() => this.answerClose());
  }

  gone(): void {
    this.#left();
  }

  #left(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const { reject } of this.#takers.splice(0)) reject(noMore());
    this.#end?.();
  }
}

function noMore(): Error {
  return new Error("The connection ended without another message");
}
