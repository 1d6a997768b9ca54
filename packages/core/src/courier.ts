import type { Link } from "./link.ts";
import { DROP, byteLength } from "./message.ts";
import type { Message } from "./message.ts";
import { filterOutgoing } from "./outgoing.ts";
import type { Filtered } from "./outgoing.ts";
import { isThenable } from "./plugins.ts";
import type { FaultHost, Plugins } from "./plugins.ts";
import type { QueuedMessage, SendQueue } from "./send-queue.ts";
import type { Totals } from "./snapshot.ts";

/** What the courier needs from the client. */
export interface CourierHost extends FaultHost {
  readonly plugins: Plugins;
  readonly totals: Totals;
}

/** Whose messages are carried. */
export interface Lane {
  /** A message has arrived that others had to wait for. */
  pump(): void;
}

/**
 * Carries one message at a time through every `onSend` to the transport. One that does not arrive, since a
 * hook has ended the connection or the transport did not take it, comes back with the end of the
 * connection.
 */
export class Courier {
  link: Link | null = null;
  /** The message on its way that has left the queue, or whose hook has yet to answer. */
  current: QueuedMessage | null = null;
  /** A hook is running or its promise is awaited: everything else waits its turn. */
  isBusy = false;
  readonly #host: CourierHost;
  readonly #queue: SendQueue;
  readonly #lane: Lane;
  /** The message that goes straight through, so that it needs no entry. */
  #direct: Message | null = null;
  #directAge: number | undefined;

  constructor(host: CourierHost, queue: SendQueue, lane: Lane) {
    this.#host = host;
    this.#queue = queue;
    this.#lane = lane;
  }

  /** Can be given a message. */
  get isFree(): boolean {
    return !this.isBusy && this.link !== null && this.link.isWritable;
  }

  /** The connection is gone: puts back into the queue what no transport took. */
  detach(): void {
    const unsent =
      this.#direct === null ? this.current : this.#queue.entry(this.#direct, this.#directAge);
    this.link = null;
    this.isBusy = false;
    this.current = null;
    this.#direct = null;
    if (unsent) this.#queue.putBack(unsent);
  }

  /** Takes a message of the application straight to the transport; false when it did not arrive yet. */
  take(message: Message, maxAge: number | undefined): boolean {
    const host = this.#host;
    const { onSend } = host.plugins;
    const link = this.link!;
    this.isBusy = true;
    this.#direct = message;
    this.#directAge = maxAge;
    const filtered =
      onSend.length > 0 ? filterOutgoing(message, onSend, link.applicationContext, host) : message;
    // A hook may have ended the connection: then the message is in the queue by now.
    if (this.link !== link) return false;
    const isLater = filtered !== message && isThenable(filtered);
    if (!isLater && this.#hand(filtered)) {
      this.#direct = null;
      this.isBusy = false;
      if (onSend.length > 0) this.#lane.pump();
      return true;
    }
    // The transport did not take it, and the connection is gone; or a hook has closed it, which takes time.
    if (this.link !== link) return false;
    this.#direct = null;
    this.current = this.#queue.entry(message, maxAge);
    this.#queue.filled = true;
    if (isLater) this.#later(filtered, this.current);
    return false;
  }

  /** Takes a message of the queue, or one of a handshake, which has no entry. */
  carry(message: Message, entry: QueuedMessage | null): void {
    const host = this.#host;
    const link = this.link!;
    this.isBusy = true;
    this.current = entry;
    const context = entry ? link.applicationContext : link.pluginContext;
    const filtered = filterOutgoing(message, host.plugins.onSend, context, host);
    // A hook may have ended the connection.
    if (this.link !== link) return;
    if (isThenable(filtered)) this.#later(filtered, entry);
    else this.#complete(filtered, entry);
  }

  #later(filtered: PromiseLike<Filtered>, entry: QueuedMessage | null): void {
    const link = this.link;
    void filtered.then((value) => {
      // A connection that ended meanwhile has given the message back to the queue.
      if (this.link !== link) return;
      this.#complete(value, entry);
      this.#lane.pump();
    });
  }

  #complete(filtered: Filtered, entry: QueuedMessage | null): void {
    // Who abandoned it while a hook had it was promised that it is never sent.
    if (!entry?.pending?.settled && !this.#hand(filtered)) return;
    this.isBusy = false;
    this.current = null;
    entry?.pending?.resolve();
  }

  /**
   * False when the transport did not take it. A connection that does not is no connection; one that a hook
   * has closed goes by itself. Either way its end puts the message back into the queue.
   */
  #hand(message: Filtered): boolean {
    if (message === DROP) return true;
    const link = this.link!;
    if (!link.isWritable) return false;
    let bytes: number | void;
    try {
      bytes = link.connection!.send(message);
    } catch (error) {
      link.break(error);
      return false;
    }
    const { totals } = this.#host;
    totals.messagesSent++;
    totals.bytesSent += typeof bytes === "number" ? bytes : byteLength(message);
    return true;
  }
}
