import type { Waiting } from "./client.ts";
import type { Clock } from "./clock.ts";
import { Courier } from "./courier.ts";
import type { CourierHost, Lane } from "./courier.ts";
import { NotConnectedError, SendTimeoutError } from "./errors.ts";
import type { DropReason } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import { Flushes } from "./flushes.ts";
import type { Link } from "./link.ts";
import type { Message } from "./message.ts";
import type { Notifier } from "./notifier.ts";
import type { Resolved } from "./options.ts";
import { Pending, checkWaiting } from "./pending.ts";
import { SendQueue } from "./send-queue.ts";
import type { SendQueueHost } from "./send-queue.ts";
import type { CloseInfo } from "./transport.ts";

/** What the lane needs from the client. */
export interface SenderHost extends CourierHost {
  readonly options: Resolved;
  readonly clock: Clock;
  readonly notifier: Notifier;
}

/**
 * Hands messages to the transport, one lane for all of them:
 *
 * ```text
 *   handshakes, exchanges ─► urgent ─┐
 *                                    ├─► onSend ─► transport
 *   application ───► send queue ─────┘
 *                    (waits for `connected`, the high-water mark, `hold`, a hook's promise)
 * ```
 *
 * With nothing queued and nothing to wait for, `send` goes straight through and allocates nothing.
 */
export class Sender implements Lane, SendQueueHost {
  readonly #host: SenderHost;
  readonly #queue: SendQueue;
  readonly #courier: Courier;
  /** Since the first `flush`. */
  #flushes: Flushes | null = null;
  /** Goes at once, unless the lane is busy. */
  readonly #urgent = new Fifo<Message>();
  /** Application messages may go: the handshakes are done. */
  #started = false;
  #holds = 0;
  #onEmpty: (() => void) | null = null;

  constructor(host: SenderHost) {
    this.#host = host;
    this.#queue = new SendQueue(host.options.sendQueue, host.clock, this);
    this.#courier = new Courier(host, this.#queue, this);
  }

  /** Messages accepted and not yet with the transport. */
  get length(): number {
    return this.#queue.length + (this.#courier.current ? 1 : 0);
  }
  /** Their bytes. */
  get bytes(): number {
    return this.#queue.bytes + (this.#courier.current?.bytes ?? 0);
  }

  /** A socket is open: what handshakes send may go. */
  attach(link: Link): void {
    this.#courier.link = link;
  }

  /** The handshakes are done: the queue may go. */
  start(): void {
    this.#started = true;
    this.pump();
  }

  /** The connection is gone. What no transport took stays first in the queue. */
  detach(close: CloseInfo, bufferedAmount: number): void {
    const started = this.#started;
    this.#started = false;
    this.#holds = 0;
    this.#urgent.clear();
    // First, since what comes back may have expired, and then nothing seems to be left to wait for.
    this.#flushes?.lose(close, started ? bufferedAmount : 0);
    this.#courier.detach();
  }

  send(message: Message, maxAge: number | undefined): "sent" | "queued" | "dropped" {
    this.#queue.check(message);
    if (!this.#isFree()) return this.#enqueue(message, maxAge);
    return this.#courier.take(message, maxAge) ? "sent" : "queued";
  }

  /** Not within `send`: its closure would cost every message an allocation. */
  #enqueue(message: Message, maxAge: number | undefined): "queued" | "dropped" {
    this.#requireHold();
    const queue = this.#queue;
    const entry = queue.entry(message, maxAge);
    let answer: "queued" | "dropped" = "queued";
    // Who is told of what has expired may close the client: not before this message has its place.
    this.#host.notifier.batch(() => {
      answer = queue.offer(entry);
    });
    return answer;
  }

  async sendAsync(message: Message, maxAge: number | undefined, waiting?: Waiting): Promise<void> {
    const queue = this.#queue;
    queue.check(message);
    const isFree = this.#isFree();
    this.#requireHold();
    const pending: Pending<void> = new Pending(
      this.#host.clock,
      waiting,
      (timeout) => new SendTimeoutError(`The message was not sent within ${timeout} ms`),
      () => {
        queue.remove(entry);
        this.#settle();
      },
    );
    const entry = queue.entry(message, maxAge, pending);
    if (!isFree) queue.wait(entry);
    else if (!pending.settled) {
      this.#courier.carry(message, entry);
      this.pump();
    }
    await pending.promise;
  }

  /** Sends for a handshake or an exchange: ahead of the queue, through every `onSend`. */
  sendUrgent(message: Message): void {
    this.#urgent.push(message);
    this.pump();
  }

  /** Application messages wait until the function returned is called. */
  hold(): () => void {
    const { link } = this.#courier;
    this.#holds++;
    return () => {
      if (this.#courier.link !== link) return;
      this.#holds--;
      this.pump();
    };
  }

  /** Resolves when all that was accepted before is on the network. */
  async flush(waiting: Waiting | undefined): Promise<void> {
    checkWaiting(waiting);
    this.#flushes ??= new Flushes(this.#host);
    const flushed = this.#flushes.add(this.#queue.last, waiting);
    this.#settle();
    await flushed;
  }

  /** Calls back when all that was accepted, and all who wait for room, are with the transport. */
  whenEmpty(task: () => void): void {
    this.#onEmpty = task;
    this.#settle();
  }

  /** Drops what is left; returns how many messages. `closed` also ends every `flush`. */
  clear(reason: DropReason, closed?: Error): number {
    this.#onEmpty = null;
    if (closed) this.#flushes?.reject(closed);
    return this.#queue.clear(reason);
  }

  /** Some messages will not be sent, for that reason. */
  dropped(messages: readonly Message[], reason: DropReason): void {
    this.#host.notifier.tell("dropped", { messages, reason });
    this.#settle();
  }

  /** Sends as long as there is something to send and nothing to wait for. */
  pump(): void {
    const queue = this.#queue;
    const courier = this.#courier;
    for (;;) {
      // First, since somebody is told of what has expired.
      queue.expire();
      if (!courier.isFree) break;
      const urgent = this.#urgent.shift();
      if (urgent !== undefined) courier.carry(urgent, null);
      else if (queue.length > 0 && this.#mayGo()) {
        const entry = queue.shift();
        courier.carry(entry.message, entry);
      } else break;
    }
    this.#settle();
  }

  /** Looks who waited for the queue to get this far. */
  #settle(): void {
    const queue = this.#queue;
    const courier = this.#courier;
    this.#flushes?.passed(courier.current?.order ?? queue.first, courier.link);
    if (courier.isBusy || queue.length > 0) return;
    if (queue.filled) {
      queue.filled = false;
      this.#host.notifier.tell("drain", {});
    }
    const task = this.#onEmpty;
    this.#onEmpty = null;
    task?.();
  }

  #isFree(): boolean {
    return this.#mayGo() && this.#queue.length === 0;
  }

  #mayGo(): boolean {
    return (
      this.#started &&
      this.#holds === 0 &&
      this.#courier.isFree &&
      this.#courier.link!.bufferedAmount < this.#host.options.highWaterMark
    );
  }

  #requireHold(): void {
    const isConnected = this.#started && this.#courier.link!.isWritable;
    if (!isConnected && this.#host.options.sendQueue.whileDisconnected === "reject") {
      throw new NotConnectedError("Not connected, and sendQueue.whileDisconnected is 'reject'");
    }
  }
}
