import type { Waiting } from "./client.ts";
import type { Clock } from "./clock.ts";
import { ConnectionLostError, SendTimeoutError } from "./errors.ts";
import type { Link } from "./link.ts";
import { Pending } from "./pending.ts";
import type { Totals } from "./snapshot.ts";
import type { CloseInfo } from "./transport.ts";

interface Flush {
  /** Place of the last message it covers. */
  readonly order: number;
  readonly pending: Pending<void>;
  /** The messages have left the queue; the transport is to tell when they are on the network. */
  isAsked: boolean;
  /** Bytes sent so far when it was asked: what follows is not its business. */
  sentBytes: number;
  cancel?: () => void;
}

/** What flushes need from the client. */
export interface FlushesHost {
  readonly clock: Clock;
  readonly totals: Totals;
}

/** Milliseconds between two looks at a transport that cannot tell by itself. */
const pollInterval = 20;

/** Those who wait until what was accepted before is on the network. */
export class Flushes {
  readonly #host: FlushesHost;
  readonly #waiting = new Set<Flush>();

  constructor(host: FlushesHost) {
    this.#host = host;
  }

  /** Waits for all messages up to that place. */
  add(order: number, waiting: Waiting | undefined): Promise<void> {
    const flush: Flush = {
      order,
      isAsked: false,
      sentBytes: 0,
      pending: new Pending(
        this.#host.clock,
        waiting,
        (timeout) => new SendTimeoutError(`Not on the network within ${timeout} ms`),
        () => this.#forget(flush),
      ),
    };
    this.#waiting.add(flush);
    return flush.pending.promise;
  }

  /** The messages before that place have left the queue. */
  passed(first: number, link: Link | null): void {
    // Even the iterator of an empty set is an object, and this is on the path of every message.
    if (this.#waiting.size === 0) return;
    for (const flush of this.#waiting) {
      if (flush.isAsked || flush.order >= first) continue;
      flush.isAsked = true;
      flush.sentBytes = this.#host.totals.bytesSent;
      if (link) this.#ask(flush, link);
      else this.#end(flush);
    }
  }

  /** The connection is gone. Who still waits for the queue waits on, unless bytes were lost. */
  lose(close: CloseInfo, bufferedAmount: number): void {
    for (const flush of this.#waiting) {
      if (bufferedAmount > 0) this.#end(flush, new ConnectionLostError(close));
      else if (flush.isAsked) this.#end(flush);
    }
  }

  reject(error: Error): void {
    for (const flush of this.#waiting) this.#end(flush, error);
  }

  #ask(flush: Flush, link: Link): void {
    const connection = link.connection!;
    const { totals, clock } = this.#host;
    // One that rejects has lost its connection, and `lose` is near.
    if (connection.flush)
      connection.flush().then(
        () => this.#end(flush),
        () => {},
      );
    // Bytes leave in order: while more is buffered than was sent since, some of it is older.
    else if (link.bufferedAmount <= totals.bytesSent - flush.sentBytes) this.#end(flush);
    // A transport that could not tell has ended all that.
    else if (this.#waiting.has(flush)) {
      flush.cancel = clock.schedule(pollInterval, () => this.#ask(flush, link));
    }
  }

  #end(flush: Flush, error?: Error): void {
    this.#forget(flush);
    if (error) flush.pending.reject(error);
    else flush.pending.resolve();
  }

  #forget(flush: Flush): void {
    flush.cancel?.();
    this.#waiting.delete(flush);
  }
}
