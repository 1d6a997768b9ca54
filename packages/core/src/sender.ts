import type { Waiting } from "./client.ts";
import type { Clock } from "./clock.ts";
import { ConnectionLostError, NotConnectedError, SendTimeoutError } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import type { Link } from "./link.ts";
import { DROP, byteLength } from "./message.ts";
import type { Message } from "./message.ts";
import type { Resolved } from "./options.ts";
import { filterOutgoing } from "./outgoing.ts";
import type { Filtered } from "./outgoing.ts";
import { Pending } from "./pending.ts";
import { isThenable } from "./plugins.ts";
import type { Fault, Plugins } from "./plugins.ts";
import type { QueuedMessage, SendQueue } from "./send-queue.ts";
import type { CloseInfo } from "./transport.ts";

/** What the lane needs from the client. */
export interface SenderHost {
  readonly options: Resolved;
  readonly plugins: Plugins;
  readonly queue: SendQueue;
  readonly fault: Fault;
  /** The queue is empty again. */
  drained(): void;
}

interface Flush {
  /** Place of the last message it covers. */
  readonly order: number;
  readonly pending: Pending<void>;
  /** The messages have left the queue; the transport was asked to tell when they are on the network. */
  asked: boolean;
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
export class Sender {
  sent = 0;
  sentBytes = 0;
  readonly #host: SenderHost;
  #link: Link | null = null;
  /** Application messages may go: the handshakes are done. */
  #started = false;
  #holds = 0;
  /** A hook is running or its promise is awaited: everything else waits its turn. */
  #busy = false;
  /** The message of the queue that a hook has. */
  #current: QueuedMessage | null = null;
  readonly #urgent = new Fifo<Message>();
  /** Something was queued since the last `drain`. */
  #filled = false;
  #refusal: unknown;
  readonly #flushes = new Set<Flush>();
  #onEmpty: (() => void) | null = null;

  constructor(host: SenderHost) {
    this.#host = host;
  }

  /** Messages accepted and not yet with the transport. */
  get length(): number {
    return this.#host.queue.length + (this.#current ? 1 : 0);
  }
  /** Their bytes. */
  get bytes(): number {
    return this.#host.queue.bytes + (this.#current?.bytes ?? 0);
  }

  /** A socket is open: what handshakes send may go. */
  attach(link: Link): void {
    this.#link = link;
  }

  /** The handshakes are done: the queue may go. */
  start(): void {
    this.#started = true;
    this.pump();
  }

  /** The connection is gone. What no transport took stays first in the queue. */
  detach(close: CloseInfo, bufferedAmount: number): void {
    this.#link = null;
    this.#started = false;
    this.#busy = false;
    this.#holds = 0;
    this.#urgent.remove(() => true);
    if (this.#current) this.#host.queue.putBack(this.#current);
    this.#current = null;
    for (const flush of this.#flushes) {
      // Those that still wait for the queue wait on, for the next connection.
      if (!flush.asked) continue;
      this.#flushes.delete(flush);
      if (bufferedAmount > 0) flush.pending.reject(new ConnectionLostError(close));
      else flush.pending.resolve();
    }
  }

  send(message: Message, maxAge: number | undefined): "sent" | "queued" | "dropped" {
    const { queue } = this.#host;
    queue.check(message);
    if (this.#isFree()) return this.#direct(message, maxAge) ? "sent" : "queued";
    this.#requireHold();
    this.#filled = true;
    return queue.offer(message, maxAge);
  }

  async sendAsync(message: Message, maxAge: number | undefined, waiting?: Waiting): Promise<void> {
    const { queue, plugins } = this.#host;
    queue.check(message);
    waiting?.signal?.throwIfAborted();
    if (this.#isFree() && plugins.onSend.length === 0 && this.#hand(message)) return;
    this.#requireHold();
    this.#filled = true;
    // With `maxAge` 0 a message that can go now must not be refused for having to pass the queue.
    const sent = queue.wait(message, this.#isFree() && maxAge === 0 ? undefined : maxAge, waiting);
    this.pump();
    await sent;
  }

  /** Sends for a handshake or an exchange: ahead of the queue, through every `onSend`. */
  sendUrgent(message: Message): void {
    this.#urgent.push(message);
    this.pump();
  }

  /** Application messages wait until the function returned is called. */
  hold(): () => void {
    const link = this.#link;
    this.#holds++;
    return () => {
      if (this.#link !== link) return;
      this.#holds--;
      this.pump();
    };
  }

  /** Resolves when all that was accepted before is on the network. */
  flush(clock: Clock, waiting: Waiting | undefined): Promise<void> {
    const pending: Pending<void> = new Pending(
      clock,
      waiting,
      (timeout) => new SendTimeoutError(`Not on the network within ${timeout} ms`),
      () => this.#flushes.delete(flush),
    );
    const flush: Flush = { order: this.#host.queue.last, pending, asked: false };
    if (!pending.settled) {
      this.#flushes.add(flush);
      this.settle();
    }
    return pending.promise;
  }

  /** Calls back when all that was accepted, and all who wait for room, are with the transport. */
  whenEmpty(task: () => void): void {
    this.#onEmpty = task;
    this.settle();
  }

  /** Drops what is left; returns how many messages. */
  clear(reason: "disconnected" | "closed", error: () => Error): number {
    this.#filled = false;
    this.#onEmpty = null;
    const dropped = this.#host.queue.clear(reason, error);
    if (reason === "closed") {
      for (const { pending } of this.#flushes) pending.reject(error());
      this.#flushes.clear();
    }
    return dropped;
  }

  /** Sends as long as there is something to send and nothing to wait for. */
  pump(): void {
    const { queue } = this.#host;
    while (this.#link && !this.#busy) {
      const urgent = this.#urgent.shift();
      if (urgent !== undefined) this.#pass(urgent, null);
      else if (this.#mayGo() && queue.peek()) {
        this.#current = queue.shift();
        queue.admit();
        this.#pass(this.#current.message, this.#current);
      } else break;
    }
    this.settle();
  }

  /** Looks who waited for the queue to get this far. */
  settle(): void {
    const { queue } = this.#host;
    for (const flush of this.#flushes) {
      if (flush.asked || !this.#passed(flush.order)) continue;
      if (!this.#link || this.#link.bufferedAmount === 0) {
        this.#flushes.delete(flush);
        flush.pending.resolve();
      } else {
        flush.asked = true;
        this.#link.flush(() => {
          if (this.#flushes.delete(flush)) flush.pending.resolve();
        });
      }
    }
    if (this.#current || !queue.isEmpty) return;
    if (this.#filled) {
      this.#filled = false;
      this.#host.drained();
    }
    const task = this.#onEmpty;
    this.#onEmpty = null;
    task?.();
  }

  #passed(order: number): boolean {
    return this.#host.queue.passed(order) && !(this.#current && this.#current.order <= order);
  }

  #isFree(): boolean {
    return (
      this.#started &&
      !this.#busy &&
      this.#host.queue.isEmpty &&
      this.#urgent.length === 0 &&
      this.#mayGo()
    );
  }

  #mayGo(): boolean {
    return (
      this.#started &&
      this.#holds === 0 &&
      this.#link!.bufferedAmount < this.#host.options.highWaterMark
    );
  }

  #requireHold(): void {
    if (!this.#started && this.#host.options.sendQueue.whileDisconnected === "reject") {
      throw new NotConnectedError("Not connected, and the send queue is set to reject meanwhile");
    }
  }

  /** True when the transport, or a hook for good, has the message; else it is first in the queue. */
  #direct(message: Message, maxAge: number | undefined): boolean {
    const { queue, plugins, fault } = this.#host;
    if (plugins.onSend.length === 0) {
      if (this.#hand(message)) return true;
      queue.putFirst(message, maxAge);
      this.#lost();
      return false;
    }
    const link = this.#link as Link;
    this.#busy = true;
    const filtered = filterOutgoing(message, plugins.onSend, link.applicationContext, fault);
    const isLater = isThenable(filtered);
    if (isLater || this.#link !== link || (filtered !== DROP && !this.#hand(filtered))) {
      if (filtered === DROP) return true;
      this.#filled = true;
      queue.putFirst(message, maxAge);
      if (this.#link !== link) return false;
      if (isLater) {
        this.#current = queue.shift();
        this.#later(filtered, this.#current);
      } else this.#lost();
      return false;
    }
    this.#busy = false;
    // A hook may have sent more meanwhile.
    if (!queue.isEmpty || this.#urgent.length > 0) this.pump();
    return true;
  }

  #pass(message: Message, entry: QueuedMessage | null): void {
    const { plugins, fault } = this.#host;
    const link = this.#link as Link;
    this.#busy = true;
    const context = entry ? link.applicationContext : link.pluginContext;
    const filtered = filterOutgoing(message, plugins.onSend, context, fault);
    if (isThenable(filtered)) this.#later(filtered, entry);
    else if (this.#link === link) this.#complete(filtered, entry);
  }

  #later(filtered: Promise<Filtered>, entry: QueuedMessage | null): void {
    const link = this.#link;
    void filtered.then((value) => {
      // A connection that ended meanwhile has given the message back to the queue.
      if (this.#link !== link || link === null) return;
      this.#complete(value, entry);
      this.pump();
    });
  }

  #complete(filtered: Filtered, entry: QueuedMessage | null): void {
    this.#busy = false;
    if (filtered !== DROP && !this.#hand(filtered)) return this.#lost();
    this.#current = null;
    entry?.pending?.resolve();
  }

  /** False when the transport did not take it. */
  #hand(message: Message): boolean {
    let bytes: number | void;
    try {
      bytes = this.#link!.connection!.send(message);
    } catch (error) {
      this.#refusal = error;
      return false;
    }
    this.sent++;
    this.sentBytes += typeof bytes === "number" ? bytes : byteLength(message);
    return true;
  }

  /** A connection that does not take a message is no connection. */
  #lost(): void {
    const error = this.#refusal;
    this.#link?.lose(new ConnectionLostError({ code: 1006, reason: "", wasClean: false, error }));
  }
}
