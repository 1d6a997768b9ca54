import type { Waiting } from "./client.ts";
import type { Clock } from "./clock.ts";
import { MessageDroppedError, QueueFullError, SendTimeoutError } from "./errors.ts";
import type { DropReason } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import { byteLength } from "./message.ts";
import type { Message } from "./message.ts";
import type { ResolvedSendQueue } from "./options.ts";
import { Pending } from "./pending.ts";

/** A message in the queue, or waiting for room in it. */
export interface QueuedMessage {
  readonly message: Message;
  readonly bytes: number;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** Of `sendAsync`. */
  readonly pending: Pending<void> | null;
  /** Its place: grows along the queue. */
  order: number;
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
 */
export class SendQueue {
  readonly #options: ResolvedSendQueue;
  readonly #clock: Clock;
  readonly #dropped: (messages: readonly Message[], reason: DropReason) => void;
  readonly #entries = new Fifo<QueuedMessage>();
  readonly #waiters = new Fifo<QueuedMessage>();
  #bytes = 0;
  #order = 0;
  #nextExpiry = Infinity;
  #cancelExpiry: (() => void) | undefined;

  constructor(
    options: ResolvedSendQueue,
    clock: Clock,
    dropped: (messages: readonly Message[], reason: DropReason) => void,
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#dropped = dropped;
  }

  get length(): number {
    return this.#entries.length;
  }
  get bytes(): number {
    return this.#bytes;
  }
  /** Nothing is queued and nobody waits: a message may go straight to the transport. */
  get isEmpty(): boolean {
    return this.#entries.length === 0 && this.#waiters.length === 0;
  }
  /** The place of the last message accepted, for `passed`. */
  get last(): number {
    return this.#order;
  }

  /** Whether all that was accepted up to that place has left the queue. */
  passed(order: number): boolean {
    return this.#entries.length === 0 || this.#entries.peek()!.order > order;
  }

  /** @throws QueueFullError when the message alone exceeds `maxBytes` */
  check(message: Message): void {
    const { maxBytes } = this.#options;
    // A UTF-16 unit takes at most three bytes of UTF-8: most texts need no counting.
    if (message.length * (typeof message === "string" ? 3 : 1) <= maxBytes) return;
    const bytes = byteLength(message);
    if (bytes > maxBytes) {
      throw new QueueFullError(
        `A message of ${bytes} bytes exceeds the send queue's ${maxBytes} bytes`,
      );
    }
  }

  /**
   * Accepts a message or applies `overflow`.
   *
   * @throws QueueFullError under `reject`
   */
  offer(message: Message, maxAge: number | undefined): "queued" | "dropped" {
    const entry = this.#entry(message, maxAge, null);
    if (maxAge === 0) return this.#drop([entry], "expired");
    // While somebody waits for room the queue counts as full, or this message would overtake.
    if (this.#waiters.length > 0 || !this.#hasRoom(entry)) {
      const { overflow, capacity, maxBytes } = this.#options;
      if (overflow === "drop-newest") return this.#drop([entry], "overflow");
      if (overflow === "reject") {
        throw new QueueFullError(
          `The send queue is full: ${this.length} of ${capacity} messages, ${this.bytes} of ${maxBytes} bytes`,
        );
      }
      const evicted: QueuedMessage[] = [];
      while (!this.#hasRoom(entry)) evicted.push(this.shift());
      this.#drop(evicted, "overflow");
    }
    this.#push(entry);
    return "queued";
  }

  /** Accepts a message as soon as there is room; resolves when a transport took it. */
  wait(message: Message, maxAge: number | undefined, waiting: Waiting | undefined): Promise<void> {
    const pending: Pending<void> = new Pending(
      this.#clock,
      waiting,
      (timeout) => new SendTimeoutError(`The message was not sent within ${timeout} ms`),
      () => this.#take((entry) => entry.pending === pending),
    );
    if (pending.settled) return pending.promise;
    const entry = this.#entry(message, maxAge, pending);
    if (maxAge === 0) this.#drop([entry], "expired");
    else if (this.#waiters.length === 0 && this.#hasRoom(entry)) this.#push(entry);
    else this.#waiters.push(this.#watch(entry));
    return pending.promise;
  }

  /** The first message that has not expired. */
  peek(): QueuedMessage | undefined {
    // The timer may be late, after a sleep for instance.
    if (this.#nextExpiry < Infinity && this.#nextExpiry <= this.#clock.now()) this.#expire();
    return this.#entries.peek();
  }

  /** Takes the first message out. */
  shift(): QueuedMessage {
    const entry = this.#entries.shift() as QueuedMessage;
    this.#bytes -= entry.bytes;
    return entry;
  }

  /** Puts a message that no transport took before all others, whatever the limits say. */
  putBack(entry: QueuedMessage): void {
    entry.order = (this.#entries.peek()?.order ?? ++this.#order + 1) - 1;
    this.#entries.unshift(this.#watch(entry));
    this.#bytes += entry.bytes;
  }

  /** As `putBack`, for one that never was in the queue. */
  putFirst(message: Message, maxAge: number | undefined): void {
    this.putBack(this.#entry(message, maxAge, null));
  }

  /** Lets waiting `sendAsync` calls in as far as there is room. */
  admit(): void {
    while (this.#waiters.length > 0 && this.#hasRoom(this.#waiters.peek()!)) {
      this.#push(this.#waiters.shift()!);
    }
  }

  /** Empties the queue; returns how many messages were dropped. Those who wait for room get an error. */
  clear(reason: "disconnected" | "closed", error: () => Error): number {
    const waiters = this.#waiters.remove(() => true);
    const entries = this.#entries.remove(() => true);
    this.#bytes = 0;
    this.#rearm();
    this.#drop(entries, reason);
    for (const { pending } of waiters) pending?.reject(error());
    return entries.length;
  }

  #hasRoom({ bytes }: QueuedMessage): boolean {
    const { capacity, maxBytes } = this.#options;
    return this.#entries.length < capacity && this.#bytes + bytes <= maxBytes;
  }

  #entry(message: Message, age: number | undefined, pending: Pending<void> | null): QueuedMessage {
    const maxAge = age ?? this.#options.maxAge;
    const expires = maxAge === undefined ? Infinity : this.#clock.now() + maxAge;
    return { message, bytes: byteLength(message), expires, pending, order: 0 };
  }

  #push(entry: QueuedMessage): void {
    entry.order = ++this.#order;
    this.#entries.push(this.#watch(entry));
    this.#bytes += entry.bytes;
  }

  /** Removes what `gone` picks, among those who wait for room too. */
  #take(gone: (entry: QueuedMessage) => boolean): QueuedMessage[] {
    const taken = this.#entries.remove(gone);
    for (const entry of taken) this.#bytes -= entry.bytes;
    taken.push(...this.#waiters.remove(gone));
    this.admit();
    return taken;
  }

  #drop(entries: readonly QueuedMessage[], reason: DropReason): "dropped" {
    if (entries.length > 0) {
      this.#dropped(
        entries.map((entry) => entry.message),
        reason,
      );
      for (const { pending } of entries) pending?.reject(new MessageDroppedError(reason));
    }
    return "dropped";
  }

  #watch(entry: QueuedMessage): QueuedMessage {
    if (entry.expires < this.#nextExpiry) this.#rearm(entry.expires);
    return entry;
  }

  #expire(): void {
    const now = this.#clock.now();
    let next = Infinity;
    const expired = this.#take((entry) => {
      if (entry.expires <= now) return true;
      next = Math.min(next, entry.expires);
      return false;
    });
    this.#rearm(next);
    this.#drop(expired, "expired");
  }

  #rearm(next = Infinity): void {
    this.#cancelExpiry?.();
    this.#nextExpiry = next;
    this.#cancelExpiry =
      next === Infinity
        ? undefined
        : this.#clock.schedule(next - this.#clock.now(), () => this.#expire());
  }
}
