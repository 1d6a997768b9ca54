import type { Waiting } from "./client.ts";
import type { Clock } from "./clock.ts";
import { ConnectionLostError, NotConnectedError, SendTimeoutError } from "./errors.ts";
import type { DropReason } from "./errors.ts";
import { Fifo } from "./fifo.ts";
import { Flushes } from "./flushes.ts";
import type { Link } from "./link.ts";
import { DROP, byteLength } from "./message.ts";
import type { Message } from "./message.ts";
import type { Notifier } from "./notifier.ts";
import type { Resolved } from "./options.ts";
import { filterOutgoing } from "./outgoing.ts";
import type { Filtered } from "./outgoing.ts";
import { Pending } from "./pending.ts";
import { isThenable } from "./plugins.ts";
import type { Fault, Plugins } from "./plugins.ts";
import { SendQueue } from "./send-queue.ts";
import type { QueuedMessage } from "./send-queue.ts";
import type { CloseInfo } from "./transport.ts";

/** What the lane needs from the client. */
export interface SenderHost {
  readonly options: Resolved;
  readonly plugins: Plugins;
  readonly clock: Clock;
  readonly fault: Fault;
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
export class Sender {
  sent = 0;
  sentBytes = 0;
  readonly #host: SenderHost;
  readonly #queue: SendQueue;
  readonly #flushes: Flushes;
  /** Goes at once, unless the lane is busy. */
  readonly #urgent = new Fifo<Message>();
  #link: Link | null = null;
  /** Application messages may go: the handshakes are done. */
  #started = false;
  #holds = 0;
  /** A hook is running or its promise is awaited: everything else waits its turn. */
  #busy = false;
  /** The message on its way that has left the queue, or whose hook has yet to answer. */
  #current: QueuedMessage | null = null;
  /** The message that goes straight through, so that it needs no entry. */
  #direct: Message | null = null;
  #directAge: number | undefined;
  #onEmpty: (() => void) | null = null;

  constructor(host: SenderHost) {
    this.#host = host;
    this.#queue = new SendQueue(host.options.sendQueue, host.clock, (messages, reason) => {
      host.notifier.tell("dropped", { messages, reason });
      this.#settle();
    });
    this.#flushes = new Flushes(host.clock);
  }

  /** Messages accepted and not yet with the transport. */
  get length(): number {
    return this.#queue.length + (this.#current ? 1 : 0);
  }
  /** Their bytes. */
  get bytes(): number {
    return this.#queue.bytes + (this.#current?.bytes ?? 0);
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
    const started = this.#started;
    const unsent =
      this.#direct === null ? this.#current : this.#queue.entry(this.#direct, this.#directAge);
    this.#link = null;
    this.#started = false;
    this.#busy = false;
    this.#holds = 0;
    this.#current = null;
    this.#direct = null;
    this.#urgent.clear();
    if (unsent) this.#queue.putBack(unsent);
    this.#flushes.lose(close, started ? bufferedAmount : 0);
  }

  send(message: Message, maxAge: number | undefined): "sent" | "queued" | "dropped" {
    const queue = this.#queue;
    queue.check(message);
    if (!this.#isFree()) {
      this.#requireHold();
      return queue.offer(queue.entry(message, maxAge));
    }
    const { plugins, fault } = this.#host;
    const { onSend } = plugins;
    const link = this.#link!;
    this.#busy = true;
    this.#direct = message;
    this.#directAge = maxAge;
    const filtered =
      onSend.length > 0 ? filterOutgoing(message, onSend, link.applicationContext, fault) : message;
    // A hook may have ended the connection: then the message is in the queue by now.
    if (this.#link === link) {
      if (filtered !== message && isThenable(filtered)) {
        this.#direct = null;
        this.#current = queue.entry(message, maxAge);
        queue.filled = true;
        this.#later(filtered, this.#current);
      } else if (this.#hand(filtered)) {
        this.#direct = null;
        this.#busy = false;
        if (onSend.length > 0) this.pump();
        return "sent";
      }
    }
    return "queued";
  }

  async sendAsync(message: Message, maxAge: number | undefined, waiting?: Waiting): Promise<void> {
    const queue = this.#queue;
    queue.check(message);
    waiting?.signal?.throwIfAborted();
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
      this.#pass(message, entry);
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
    const link = this.#link;
    this.#holds++;
    return () => {
      if (this.#link !== link) return;
      this.#holds--;
      this.pump();
    };
  }

  /** Resolves when all that was accepted before is on the network. */
  async flush(waiting: Waiting | undefined): Promise<void> {
    waiting?.signal?.throwIfAborted();
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
    if (closed) this.#flushes.reject(closed);
    return this.#queue.clear(reason);
  }

  /** Sends as long as there is something to send and nothing to wait for. */
  pump(): void {
    const queue = this.#queue;
    for (;;) {
      // First, since somebody is told of what has expired.
      queue.expire();
      if (this.#busy || !this.#link?.isWritable) break;
      const urgent = this.#urgent.shift();
      if (urgent !== undefined) this.#pass(urgent, null);
      else if (queue.length > 0 && this.#mayGo()) {
        const entry = queue.shift();
        this.#pass(entry.message, entry);
      } else break;
    }
    this.#settle();
  }

  /** Looks who waited for the queue to get this far. */
  #settle(): void {
    const queue = this.#queue;
    this.#flushes.passed(this.#current?.order ?? queue.first, this.#link?.connection);
    if (this.#busy || queue.length > 0) return;
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
      !this.#busy &&
      this.#holds === 0 &&
      this.#link!.isWritable &&
      this.#link!.bufferedAmount < this.#host.options.highWaterMark
    );
  }

  #requireHold(): void {
    const isConnected = this.#started && this.#link!.isWritable;
    if (!isConnected && this.#host.options.sendQueue.whileDisconnected === "reject") {
      throw new NotConnectedError("Not connected, and sendQueue.whileDisconnected is 'reject'");
    }
  }

  #pass(message: Message, entry: QueuedMessage | null): void {
    const { plugins, fault } = this.#host;
    const link = this.#link as Link;
    this.#busy = true;
    this.#current = entry;
    const context = entry ? link.applicationContext : link.pluginContext;
    const filtered = filterOutgoing(message, plugins.onSend, context, fault);
    // A hook may have ended the connection.
    if (this.#link !== link) return;
    if (isThenable(filtered)) this.#later(filtered, entry);
    else this.#complete(filtered, entry);
  }

  #later(filtered: PromiseLike<Filtered>, entry: QueuedMessage | null): void {
    const link = this.#link;
    void filtered.then((value) => {
      // A connection that ended meanwhile has given the message back to the queue.
      if (this.#link !== link) return;
      this.#complete(value, entry);
      this.pump();
    });
  }

  #complete(filtered: Filtered, entry: QueuedMessage | null): void {
    // Who abandoned it while a hook had it was promised that it is never sent.
    if (!entry?.pending?.settled && !this.#hand(filtered)) return;
    this.#busy = false;
    this.#current = null;
    entry?.pending?.resolve();
  }

  /**
   * False when the transport did not take it. A connection that does not is no connection; one that a hook
   * has closed goes by itself. Either way its end puts the message back into the queue.
   */
  #hand(message: Filtered): boolean {
    if (message === DROP) return true;
    const link = this.#link!;
    if (!link.isWritable) return false;
    let bytes: number | void;
    try {
      bytes = link.connection!.send(message);
    } catch (error) {
      link.lose(new ConnectionLostError({ code: 1006, reason: "", wasClean: false, error }));
      return false;
    }
    this.sent++;
    this.sentBytes += typeof bytes === "number" ? bytes : byteLength(message);
    return true;
  }
}
