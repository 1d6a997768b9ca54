import type { MessagesOptions } from "./client.ts";
import type { Link } from "./link.ts";
import type { Message } from "./message.ts";
import type { Notifier } from "./notifier.ts";
import { Reader } from "./reader.ts";
import type { ReaderHost } from "./reader.ts";
import { abortSignal, checked, choice, size } from "./rules.ts";

/**
 * Where received messages leave the client: listeners and readers. A full reader stops receiving for all,
 * down to TCP where the transport can; so does a long backlog of asynchronous hooks.
 */
export class Inflow implements ReaderHost<Message> {
  isPaused = false;
  readonly #notifier: Notifier;
  readonly #receiveBuffer: number;
  #readers: readonly Reader<Message>[] = noReaders;
  #link: Link | null;
  /** Messages behind asynchronous hooks. */
  #backlog = 0;

  constructor(notifier: Notifier, receiveBuffer: number, link: Link | null) {
    this.#notifier = notifier;
    this.#receiveBuffer = receiveBuffer;
    this.#link = link;
  }

  get canPause(): boolean {
    return this.#link?.canPause ?? false;
  }

  /** The handshakes, which run unpaused, are done. */
  attach(link: Link): void {
    this.#link = link;
    this.pressure();
  }

  /** The connection is gone, or closes and must hear the answer. */
  detach(): void {
    if (this.isPaused) this.#link?.connection?.resume?.();
    this.#link = null;
    this.isPaused = false;
    this.#backlog = 0;
  }

  deliver(message: Message): void {
    this.#notifier.emit("message", message);
    const readers = this.#readers;
    for (let i = 0; i < readers.length; i++) readers[i]!.push(message);
  }

  /** @throws ConfigurationError that lists every fault of the options */
  open(options: MessagesOptions): Reader<Message> {
    const { highWaterMark, overflow, signal } = checked<Required<MessagesOptions>>(
      {
        signal: abortSignal,
        highWaterMark: size(this.#receiveBuffer),
        overflow: choice("pause", "drop-oldest", "drop-newest", "error"),
      },
      options,
    );
    const reader = new Reader(this, highWaterMark!, overflow!, signal);
    this.#readers = [...this.#readers, reader];
    if (signal?.aborted) void reader.return();
    return reader;
  }

  left(reader: Reader<Message>): void {
    this.#readers = this.#readers.filter((other) => other !== reader);
    this.pressure();
  }

  lagged(skipped: number): void {
    this.#notifier.tell("lagged", { skipped });
  }

  /**
   * The backlog of asynchronous hooks counts as a reader of `receiveBuffer` messages. True when the
   * oldest of them must go, since receiving cannot be paused.
   */
  backlog(length: number): boolean {
    this.#backlog = length;
    if (length >= this.#receiveBuffer || this.isPaused) this.pressure();
    if (length <= this.#receiveBuffer || this.canPause) return false;
    this.lagged(1);
    return true;
  }

  /** Pauses when somebody holds his mark, resumes when all are below half of it. */
  pressure(): void {
    if (!this.canPause) return;
    let fill = this.#backlog / this.#receiveBuffer;
    for (const reader of this.#readers) fill = Math.max(fill, reader.fill);
    const pause = fill >= (this.isPaused ? 0.5 : 1);
    if (pause === this.isPaused) return;
    this.isPaused = pause;
    if (pause) this.#link!.connection!.pause!();
    else this.#link!.connection!.resume!();
  }

  /** The client is closed: readers end, or throw why it gave up. */
  finish(error: unknown): void {
    for (const reader of this.#readers) reader.finish(error);
  }
}

const noReaders: readonly never[] = [];
