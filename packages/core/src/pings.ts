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

interface Ping {
  readonly payload: Uint8Array;
  readonly sentAt: number;
  readonly answered: Answered;
  readonly lost: ((close: CloseInfo) => void) | undefined;
}

/** Takes the round trip in milliseconds. */
type Answered = (rtt: number) => void;

/** Pings sent and not yet answered (RFC 6455 §5.5.2). */
export class Pings {
  readonly #clock: Clock;
  readonly #waiting: Ping[] = [];
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
    const answered: Answered = (rtt) => pending?.resolve(rtt);
    this.send(link, answered, (close) => pending?.reject(new ConnectionLostError(close)), given);
    pending = new Pending(
      this.#clock,
      waiting,
      (timeout) => new TimeoutError(`The ping was not answered within ${timeout} ms`),
      () => this.forget(answered),
    );
    return pending.promise;
  }

  /**
   * Sends a ping; without a payload, one of its own.
   *
   * @throws RangeError, NotConnectedError, UnsupportedError
   */
  send(
    link: Link | null,
    answered: Answered,
    lost?: (close: CloseInfo) => void,
    given?: Uint8Array,
  ): void {
    // RFC 6455 §5.5
    if (given && !(given.byteLength <= 125)) {
      throw new RangeError(`A ping carries at most 125 bytes, not ${given.byteLength}`);
    }
    if (!link?.isWritable) throw new NotConnectedError("Not connected: there is nobody to ping");
    const connection = link.connection!;
    if (!connection.ping) throw new UnsupportedError("This transport cannot send pings");
    // Payloads of our own differ, so that an answer tells which ping it is for.
    let payload = given;
    if (!payload) {
      payload = new Uint8Array(2);
      payload[0] = ++this.#count >>> 8;
      payload[1] = this.#count;
    }
    connection.ping(payload);
    this.#waiting.push({ payload, sentAt: this.#clock.now(), answered, lost });
  }

  /** Nobody waits for that answer any more. */
  forget(answered: Answered): void {
    const at = this.#waiting.findIndex((ping) => ping.answered === answered);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  /** Settles the ping, and those before it: a peer may answer only the most recent (RFC 6455 §5.5.3). */
  pong(payload: Uint8Array): void {
    const at = this.#waiting.findIndex((ping) => isSame(ping.payload, payload));
    for (const { answered, sentAt } of this.#waiting.splice(0, at + 1)) {
      answered(this.#clock.now() - sentAt);
    }
  }

  lose(close: CloseInfo): void {
    for (const { lost } of this.#waiting.splice(0)) lost?.(close);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false;
  return true;
}
