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
  readonly pending: Pending<number>;
}

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
    // RFC 6455 §5.5
    if (given && !(given.byteLength <= 125)) {
      throw new RangeError(`A ping carries at most 125 bytes, not ${given.byteLength}`);
    }
    checkWaiting(waiting);
    if (!link?.isWritable) throw new NotConnectedError("Not connected: there is nobody to ping");
    const connection = link.connection!;
    if (!connection.ping) throw new UnsupportedError("This transport cannot send pings");
    // Payloads of our own differ, so that an answer tells which ping it is for.
    const payload = given ?? Uint8Array.of(++this.#count >>> 8, this.#count);
    connection.ping(payload);
    const pending: Pending<number> = new Pending(
      this.#clock,
      waiting,
      (timeout) => new TimeoutError(`The ping was not answered within ${timeout} ms`),
      () => this.#waiting.splice(this.#waiting.indexOf(ping), 1),
    );
    const ping: Ping = { payload, sentAt: this.#clock.now(), pending };
    this.#waiting.push(ping);
    return pending.promise;
  }

  /** Settles the ping, and those before it: a peer may answer only the most recent (RFC 6455 §5.5.3). */
  pong(payload: Uint8Array): void {
    const at = this.#waiting.findIndex((ping) => isSame(ping.payload, payload));
    for (const { pending, sentAt } of this.#waiting.splice(0, at + 1)) {
      pending.resolve(this.#clock.now() - sentAt);
    }
  }

  lose(close: CloseInfo): void {
    for (const { pending } of this.#waiting.splice(0)) {
      pending.reject(new ConnectionLostError(close));
    }
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
