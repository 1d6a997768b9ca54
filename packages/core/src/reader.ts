import type { MessagesOptions } from "./client.ts";
import { ReaderOverflowError } from "./errors.ts";
import { Fifo } from "./fifo.ts";

/** What a reader needs from what it reads. */
export interface ReaderHost<T> {
  /** The source can stop when a reader is full, so that nothing needs to be dropped. */
  readonly canPause: boolean;
  /** It has stopped, until readers are emptier. */
  readonly isPaused: boolean;
  /** A reader that slows the source has reached its mark, or got emptier while it is stopped. */
  pressure(): void;
  lagged(skipped: number): void;
  /** The reader is over. */
  left(reader: Reader<T>): void;
}

/** One asynchronous iterator with a bounded buffer between a source and a loop. */
export class Reader<T> implements AsyncIterableIterator<T, undefined> {
  readonly #host: ReaderHost<T>;
  readonly #mark: number;
  readonly #overflow: NonNullable<MessagesOptions["overflow"]>;
  readonly #signal: AbortSignal | undefined;
  readonly #buffer = new Fifo<T>();
  readonly #takers = new Fifo<Taker<T>>();
  readonly #stop = (): void => void this.return();
  /** Pauses the source when full: only if somebody reads, or nobody would ever resume it. */
  #pauses = false;
  /** No more will come. */
  #isOver = false;
  /** Why, if the loop has to know: thrown once, after what is buffered. */
  #error: unknown = null;

  constructor(
    host: ReaderHost<T>,
    mark: number,
    overflow: NonNullable<MessagesOptions["overflow"]>,
    signal: AbortSignal | undefined,
  ) {
    this.#host = host;
    this.#mark = mark;
    this.#overflow = overflow;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#stop);
  }

  /** How full it is, 1 at its mark; always 0 for one that does not pause. */
  get fill(): number {
    return this.#pauses ? this.#buffer.length / this.#mark : 0;
  }

  push(item: T): void {
    const buffer = this.#buffer;
    // A listener may have ended it between two readers.
    if (this.#isOver) return;
    if (this.#takers.length > 0) {
      this.#takers.shift()!({ done: false, value: item });
    } else if (buffer.length < this.#mark || (this.#pauses && this.#host.canPause)) {
      // While pausing, what was on its way when the source stopped is still taken.
      buffer.push(item);
      if (buffer.length >= this.#mark) this.#host.pressure();
    } else if (this.#overflow === "error") {
      this.finish(new ReaderOverflowError(this.#mark));
    } else {
      if (this.#overflow !== "drop-newest") {
        buffer.shift();
        buffer.push(item);
      }
      this.#host.lagged(1);
    }
  }

  /** What is buffered is still read; then the loop ends, or throws the error. */
  finish(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#error = error;
    this.#signal?.removeEventListener("abort", this.#stop);
    for (const take of this.#takers.clear()) take(this.#last());
    this.#host.left(this);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    this.#pauses = this.#overflow === "pause";
    if (this.#buffer.length > 0) {
      const value = this.#buffer.shift() as T;
      if (this.#host.isPaused) this.#host.pressure();
      return Promise.resolve({ done: false, value });
    }
    if (this.#isOver) return Promise.resolve(this.#last());
    return new Promise((resolve) => this.#takers.push(resolve));
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.#buffer.clear();
    this.finish(null);
    this.#error = null;
    return Promise.resolve(over);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** An error is thrown once; after it the iterator is simply over. */
  #last(): IteratorReturnResult<undefined> | Promise<never> {
    const error = this.#error;
    this.#error = null;
    return error === null ? over : Promise.reject(error);
  }
}

type Taker<T> = (result: IteratorResult<T, undefined> | Promise<never>) => void;

const over: IteratorReturnResult<undefined> = { done: true, value: undefined };
