import type { Clock } from "./clock.ts";
import { MessageDroppedError, QueueFullError } from "./errors.ts";
import type { DropReason } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import { byteLength } from "./message.ts";
import type { Message } from "./message.ts";
import type { ResolvedSendQueue } from "./options.ts";
import type { Pending } from "./pending.ts";

/** A message in the queue, or waiting for room in it. */
export interface QueuedMessage {
  readonly message: Message;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** Of `sendAsync`. */
  readonly pending: Pending<void> | null;
  /** Its place: grows along the queue, and is kept by one that is put back. 0 for one that was never in it. */
  order: number;
}

/** What the queue needs from its owner. */
export interface SendQueueHost {
  /** Those messages will not be sent. */
  dropped(messages: readonly Message[], reason: DropReason): void;
}

/**
 * The bounded queue of messages that were accepted and not yet handed to a transport, and the line of
 * `sendAsync` calls that wait for room in it.
 *
 * ```text
 *   sendAsync ──► waiters ──┐ room
 *   send ───────────────────┴─► queue ──► transport
 *                     overflow, maxAge, loss, close ──► dropped
 * ```
 *
 * Somebody waits only while something is queued. Whoever is told of dropped messages is told last, since
 * that may lead back into the queue.
 */
export class SendQueue {
  /** Something was queued since this was set to false. */
  filled = false;
  /** Of all messages in the queue. */
  bytes = 0;
  /** The place of the last message accepted. */
  last = 0;
  readonly #options: ResolvedSendQueue;
  readonly #clock: Clock;
  readonly #host: SendQueueHost;
  readonly #entries = new Fifo<QueuedMessage>();
  readonly #waiters = new Fifo<QueuedMessage>();
  #nextExpiry = Infinity;
  #cancelExpiry: (() => void) | undefined;

  constructor(options: ResolvedSendQueue, clock: Clock, host: SendQueueHost) {
    this.#options = options;
    this.#clock = clock;
    this.#host = host;
  }

  get length(): number {
    return this.#entries.length;
  }
  /** The place of the first message in the queue. */
  get first(): number {
    return this.#entries.peek()?.order ?? Infinity;
  }

  /** @throws QueueFullError when the message alone exceeds `maxBytes` */
  check(message: Message): void {
    const { maxBytes } = this.#options;
    // A UTF-16 unit takes at most three bytes of UTF-8: most texts need no counting.
    if (message.length * 3 <= maxBytes) return;
    const bytes = byteLength(message);
    if (bytes > maxBytes) {
      throw new QueueFullError(
        `A message of ${bytes} bytes exceeds sendQueue.maxBytes, ${maxBytes}`,
      );
    }
  }

  /** A message on its way in, whose age counts from now. */
  entry(
    message: Message,
    maxAge: number = this.#options.maxAge ?? Infinity,
    pending: Pending<void> | null = null,
  ): QueuedMessage {
    const expires = maxAge === Infinity ? Infinity : this.#clock.now() + maxAge;
    return { message, bytes: byteLength(message), expires, pending, order: 0 };
  }

  /**
   * Accepts a message or applies `overflow`.
   *
   * @throws QueueFullError under `reject`
   */
  offer(entry: QueuedMessage): "queued" | "dropped" {
    this.expire();
    if (this.#isExpired(entry)) return this.#drop([entry], "expired");
    const evicted: QueuedMessage[] = [];
    // While somebody waits for room the queue counts as full, or this message would overtake.
    if (this.#waiters.length > 0 || !this.#hasRoom(entry)) {
      const { overflow, capacity, maxBytes } = this.#options;
      if (overflow === "drop-newest") return this.#drop([entry], "overflow");
      if (overflow === "reject") {
        throw new QueueFullError(
          `The send queue is full: ${this.length} of ${capacity} messages, ${this.bytes} of ${maxBytes} bytes`,
        );
      }
      do evicted.push(this.#take());
      while (!this.#hasRoom(entry));
    }
    this.#push(entry);
    this.#settle();
    this.#drop(evicted, "overflow");
    return "queued";
  }

  /** Accepts a message as soon as there is room. */
  wait(entry: QueuedMessage): void {
    if (entry.pending?.settled) return;
    if (this.#isExpired(entry)) this.#drop([entry], "expired");
    else {
      this.#waiters.push(this.#watch(entry));
      this.#settle();
    }
  }

  /** Takes the first message out, and lets in who waited for its room. */
  shift(): QueuedMessage {
    const entry = this.#take();
    this.#settle();
    return entry;
  }

  /** Puts a message that no transport took before all others, whatever the limits say. */
  putBack(entry: QueuedMessage): void {
    if (entry.pending?.settled) return;
    if (this.#isExpired(entry)) this.#drop([entry], "expired");
    else {
      this.#entries.unshift(this.#watch(entry));
      this.bytes += entry.bytes;
      this.filled = true;
    }
  }

  /** Takes an abandoned message out, wherever it is. */
  remove(entry: QueuedMessage): void {
    this.#remove((other) => other === entry);
  }

  /** Drops what is too old. The timer that does so may be late, after a sleep for instance. */
  expire(): void {
    if (this.#cancelExpiry) this.#expire(this.#clock.now());
  }

  /** Drops everything, waiting messages too; returns how many. */
  clear(reason: DropReason): number {
    const dropped = [...this.#entries.clear(), ...this.#waiters.clear()];
    this.bytes = 0;
    this.filled = false;
    this.#settle();
    this.#drop(dropped, reason);
    return dropped.length;
  }

  #expire(now: number): void {
    if (now < this.#nextExpiry) return;
    let next = Infinity;
    const expired = this.#remove((entry) => {
      if (entry.expires <= now) return true;
      next = Math.min(next, entry.expires);
      return false;
    });
    this.#rearm(next);
    this.#drop(expired, "expired");
  }

  #isExpired({ expires }: QueuedMessage): boolean {
    return expires < Infinity && expires <= this.#clock.now();
  }

  #hasRoom({ bytes }: QueuedMessage): boolean {
    const { capacity, maxBytes } = this.#options;
    return this.#entries.length < capacity && this.bytes + bytes <= maxBytes;
  }

  #push(entry: QueuedMessage): void {
    entry.order = ++this.last;
    this.#entries.push(this.#watch(entry));
    this.bytes += entry.bytes;
    this.filled = true;
  }

  #take(): QueuedMessage {
    const entry = this.#entries.shift()!;
    this.bytes -= entry.bytes;
    return entry;
  }

  #remove(gone: (entry: QueuedMessage) => boolean): QueuedMessage[] {
    const removed = this.#entries.remove(gone);
    for (const { bytes } of removed) this.bytes -= bytes;
    removed.push(...this.#waiters.remove(gone));
    this.#settle();
    return removed;
  }

  /** Lets in who waits, as far as there is room. */
  #settle(): void {
    while (this.#waiters.length > 0 && this.#hasRoom(this.#waiters.peek()!)) {
      this.#push(this.#waiters.shift()!);
    }
    if (this.length === 0) this.#rearm(Infinity);
  }

  #drop(entries: readonly QueuedMessage[], reason: DropReason): "dropped" {
    for (const { pending } of entries) pending?.reject(new MessageDroppedError(reason));
    if (entries.length > 0) this.#host.dropped(entries.map(messageOf), reason);
    return "dropped";
  }

  #watch(entry: QueuedMessage): QueuedMessage {
    if (entry.expires < this.#nextExpiry) this.#rearm(entry.expires);
    return entry;
  }

  #rearm(next: number): void {
    this.#cancelExpiry?.();
    this.#nextExpiry = next;
    this.#cancelExpiry =
      next === Infinity
        ? undefined
        : this.#clock.schedule(next - this.#clock.now(), () => {
            const now = this.#clock.now();
            // Timers may fire a hair early by the clock: then nothing has expired, and nobody else would look.
            if (now < next) this.#rearm(next);
            else this.#expire(now);
          });
  }
}

const messageOf = (entry: QueuedMessage): Message => entry.message;
