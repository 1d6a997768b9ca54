import type { Waiting } from "./client.ts";
import type { Clock } from "./clock.ts";
import {
  ConnectionLostError,
  NotConnectedError,
  TimeoutError,
  UnsupportedError,
} from "./errors.ts";
import type { Link } from "./link.ts";
import { Pending, checkWaiting } from "./pending.ts";
import type { CloseInfo } from "./transport.ts";

/** One ping at a time, and who waits for its answer: whoever pings again and again needs only one. */
export interface Ping {
  payload?: Uint8Array | undefined;
  sentAt?: number | undefined;
  /** Takes the round trip in milliseconds. */
  answered(rtt: number): void;
  lost?(close: CloseInfo): void;
}

/** Pings sent and not yet answered (RFC 6455 §5.5.2). */
export class Pings {
  readonly #clock: Clock;
  #waiting: Ping[] = [];
  #count = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Resolves with the round trip in milliseconds.
   *
   * @throws RangeError, ConfigurationError, NotConnectedError, UnsupportedError
   */
  ping(link: Link | null, given?: Uint8Array, waiting?: Waiting): Promise<number> {
    checkWaiting(waiting);
    let pending: Pending<number> | undefined;
    const ping: Ping = {
      answered: (rtt) => pending?.resolve(rtt),
      lost: (close) => pending?.reject(new ConnectionLostError(close)),
    };
    this.send(link, ping, given);
    pending = new Pending(
      this.#clock,
      waiting,
      (timeout) => new TimeoutError(`The ping was not answered within ${timeout} ms`),
      () => this.forget(ping),
    );
    return pending.promise;
  }

  /**
   * Sends a ping that is not waiting; without a payload, with one of its own.
   *
   * @throws RangeError, NotConnectedError, UnsupportedError
   */
  send(link: Link | null, ping: Ping, given?: Uint8Array): void {
    // RFC 6455 §5.5
    if (given && !(given.byteLength <= 125)) {
      throw new RangeError(`A ping carries at most 125 bytes, not ${given.byteLength}`);
    }
    if (!link?.isWritable) throw new NotConnectedError("Not connected: there is nobody to ping");
    const connection = link.connection!;
    if (!connection.ping) throw new UnsupportedError("This transport cannot send pings");
    // Payloads of our own differ, so that an answer, also one that comes twice, tells which ping it is for.
    ping.payload = given ?? Uint8Array.of(++this.#count >>> 8, this.#count);
    connection.ping(ping.payload);
    ping.sentAt = this.#clock.now();
    // Pushed, the first would make an empty array have room for 17, each time.
    if (this.#waiting[0]) this.#waiting.push(ping);
    else this.#waiting = [ping];
  }

  /** Nobody waits for that answer any more. */
  forget(ping: Ping): void {
    const at = this.#waiting.indexOf(ping);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  /** Settles the ping, and those before it: a peer may answer only the most recent (RFC 6455 §5.5.3). */
  pong(payload: Uint8Array): void {
    const waiting = this.#waiting;
    let at = 0;
    while (waiting[at] && !isSame(waiting[at]!.payload!, payload)) at++;
    if (!waiting[at]) return;
    this.#waiting = waiting.slice(at + 1);
    for (let i = 0; i <= at; i++) {
      const ping = waiting[i]!;
      // Unless whoever heard of the one before has made its owner ping again.
      if (!this.#waiting.includes(ping)) ping.answered(this.#clock.now() - ping.sentAt!);
    }
  }

  lose(close: CloseInfo): void {
    for (const ping of this.#waiting.splice(0)) ping.lost?.(close);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
