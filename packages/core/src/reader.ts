import type { MessagesOptions } from "./client.ts";
import { ReaderOverflowError } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import type { Message } from "./message.ts";

/** What a reader needs from the client. */
export interface ReaderHost {
  /** Receiving can be paused, down to the transport. */
  readonly canPause: boolean;
  /** Some reader reached its mark, or came below half of it. */
  pressure(): void;
  lagged(skipped: number): void;
  /** The reader is over. */
  left(reader: Reader): void;
}

/** One `messages()` iterator: a bounded buffer between the connection and a loop. */
export class Reader implements AsyncIterableIterator<Message> {
  readonly #host: ReaderHost;
  readonly #mark: number;
  readonly #overflow: NonNullable<MessagesOptions["overflow"]>;
  readonly #signal: AbortSignal | undefined;
  readonly #buffer = new Fifo<Message>();
  readonly #takers = new Fifo<Taker>();
  readonly #stop = (): void => void this.return();
  /** Somebody reads: before that nobody must be slowed down. */
  #reading = false;
  #isFull = false;
  /** Set when no more will come; `error` when the loop has to know why. */
  #end: { readonly error: unknown } | null = null;

  constructor(host: ReaderHost, mark: number, options: MessagesOptions) {
    this.#host = host;
    this.#mark = mark;
    this.#overflow = options.overflow ?? "pause";
    this.#signal = options.signal;
    if (this.#signal?.aborted) this.finish(null);
    else this.#signal?.addEventListener("abort", this.#stop);
  }

  /** It holds its mark and has not come below half of it since. */
  get isFull(): boolean {
    return this.#isFull;
  }

  push(message: Message): void {
    if (this.#takers.length > 0) {
      this.#takers.shift()!.resolve({ done: false, value: message });
      return;
    }
    if (this.#buffer.length >= this.#mark && !this.#makeRoom()) return;
    this.#buffer.push(message);
    if (this.#buffer.length >= this.#mark && this.#pauses()) {
      this.#isFull = true;
      this.#host.pressure();
    }
  }

  /** What is buffered is still read; then the loop ends, or throws the error. */
  finish(error: unknown): void {
    if (this.#end) return;
    this.#end = { error };
    this.#signal?.removeEventListener("abort", this.#stop);
    for (let taker = this.#takers.shift(); taker; taker = this.#takers.shift()) {
      if (error === null) taker.resolve(over);
      else taker.reject(this.#takeError());
    }
    this.#host.left(this);
  }

  next(): Promise<IteratorResult<Message, undefined>> {
    this.#reading = true;
    const value = this.#buffer.shift();
    if (value !== undefined) {
      if (this.#isFull && this.#buffer.length < this.#mark / 2) this.#relax();
      return Promise.resolve({ done: false, value });
    }
    if (this.#end) {
      const error = this.#takeError();
      return error === null ? Promise.resolve(over) : Promise.reject(error);
    }
    return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<Message, undefined>> {
    this.#buffer.remove(() => true);
    this.#relax();
    this.finish(null);
    if (this.#end?.error) this.#end = { error: null };
    return Promise.resolve(over);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #pauses(): boolean {
    return this.#overflow === "pause" && this.#reading && this.#host.canPause;
  }

  /** False when the new message has no place. */
  #makeRoom(): boolean {
    // While pausing, what was on its way when receiving stopped is still taken.
    if (this.#pauses()) return true;
    if (this.#overflow === "error") {
      this.finish(new ReaderOverflowError(this.#mark));
      return false;
    }
    this.#host.lagged(1);
    if (this.#overflow === "drop-newest") return false;
    this.#buffer.shift();
    return true;
  }

  #relax(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#host.pressure();
  }

  /** An error is thrown once; after it the iterator is simply over. */
  #takeError(): unknown {
    const error = this.#end?.error ?? null;
    this.#end = { error: null };
    return error;
  }
}

interface Taker {
  resolve(result: IteratorResult<Message, undefined>): void;
  reject(error: unknown): void;
}

const over: IteratorReturnResult<undefined> = { done: true, value: undefined };
