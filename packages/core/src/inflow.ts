import type { MessagesOptions } from "./client.ts";
import type { Link } from "./link.ts";
import type { Message } from "./message.ts";
import type { Notifier } from "./notifier.ts";
import { Reader } from "./reader.ts";
import type { ReaderHost } from "./reader.ts";

/**
 * Where received messages leave the client: listeners and readers. A full reader stops receiving for all,
 * down to TCP where the transport can; so does a long backlog of asynchronous hooks.
 */
export class Inflow implements ReaderHost {
  readonly #notifier: Notifier;
  readonly #receiveBuffer: number;
  #readers: readonly Reader[] = noReaders;
  #link: Link | null = null;
  #hooksAreFull = false;
  #isPaused = false;

  constructor(notifier: Notifier, receiveBuffer: number) {
    this.#notifier = notifier;
    this.#receiveBuffer = receiveBuffer;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Before a connection, and over one that can, pausing is worth a try. */
  get canPause(): boolean {
    return this.#link === null || this.#link.canPause;
  }

  /** The handshakes, which run unpaused, are done. */
  attach(link: Link): void {
    this.#link = link;
    this.pressure();
  }

  /** The connection is gone, or closes and must hear the answer. */
  detach(): void {
    if (this.#isPaused) this.#link?.connection?.resume?.();
    this.#link = null;
    this.#isPaused = false;
    this.#hooksAreFull = false;
  }

  deliver(message: Message): void {
    this.#notifier.emit("message", message);
    const readers = this.#readers;
    for (let i = 0; i < readers.length; i++) readers[i]!.push(message);
  }

  open(options: MessagesOptions): Reader {
    const reader = new Reader(this, options.highWaterMark ?? this.#receiveBuffer, options);
    if (!options.signal?.aborted) this.#readers = [...this.#readers, reader];
    return reader;
  }

  left(reader: Reader): void {
    this.#readers = this.#readers.filter((other) => other !== reader);
  }

  lagged(skipped: number): void {
    this.#notifier.tell("lagged", { skipped });
  }

  /** The backlog of asynchronous hooks counts as a reader of `receiveBuffer` messages. */
  backlog(length: number): boolean {
    if (length > this.#receiveBuffer && !this.canPause) {
      this.lagged(1);
      return true;
    }
    const isFull = length >= (this.#hooksAreFull ? this.#receiveBuffer / 2 : this.#receiveBuffer);
    if (isFull !== this.#hooksAreFull) {
      this.#hooksAreFull = isFull;
      this.pressure();
    }
    return false;
  }

  pressure(): void {
    if (!this.#link?.canPause) return;
    const pause = this.#hooksAreFull || this.#readers.some((reader) => reader.isFull);
    if (pause === this.#isPaused) return;
    this.#isPaused = pause;
    if (pause) this.#link.connection?.pause?.();
    else this.#link.connection?.resume?.();
  }

  /** The client is closed: readers end, or throw why it gave up. */
  finish(error: unknown): void {
    for (const reader of this.#readers) reader.finish(error);
  }
}

const noReaders: readonly never[] = [];
