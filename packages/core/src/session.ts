import type { Claim } from "./claims.ts";
import type { Waiting } from "./client.ts";
import { HandshakeTimeoutError, NotConnectedError } from "./errors.ts";
import type { Link } from "./link.ts";
import { toMessage } from "./message.ts";
import type { Message, Sendable } from "./message.ts";
import { Pending } from "./pending.ts";
import type { HandshakeSession } from "./plugin.ts";

/** One handshake, or one exchange, on one connection. */
export class Session implements HandshakeSession {
  readonly connectionId: number;
  readonly attempt: number;
  readonly reconnects: number;
  readonly protocol: string;
  readonly #link: Link;
  readonly #cancel = new AbortController();
  #over: Error | null = null;
  #step: string;

  constructor(link: Link, step: string) {
    this.#link = link;
    this.#step = step;
    this.connectionId = link.id;
    this.attempt = link.attempt;
    this.reconnects = link.reconnects;
    this.protocol = link.protocol;
  }

  get metadata(): Map<string, unknown> {
    return this.#link.metadata;
  }
  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  get step(): string {
    return this.#step;
  }
  set step(step: string) {
    this.#step = step;
    this.#link.stepped(step);
  }

  /** Somebody waits in `receive`. */
  get isReceiving(): boolean {
    return this.#link.claims.of(this).length > 0;
  }

  send(message: Sendable): void {
    const given = toMessage(message);
    if (this.#over) throw this.#over;
    this.#link.host.sender.sendUrgent(given);
  }

  receive(match?: (message: Message) => boolean, options?: Waiting): Promise<Message> {
    const { claims, clock } = this.#link;
    const pending: Pending<Message> = new Pending(
      clock,
      options,
      (timeout) => this.timedOut(timeout),
      () => claims.remove(claim),
    );
    const claim: Claim = { session: this, match, pending };
    if (this.#over) pending.reject(this.#over);
    else claims.add(claim);
    // A step may race several of these and forget the losers.
    return pending.promise;
  }

  timedOut(timeout: number): HandshakeTimeoutError {
    const step = this.#step;
    return new HandshakeTimeoutError(`Handshake '${step}' timed out after ${timeout} ms`, { step });
  }

  /** Ends it: nothing more can be sent, what it waits for is rejected. */
  end(error: Error = new NotConnectedError(`The handshake '${this.#step}' is over`)): void {
    if (this.#over) return;
    this.#over = error;
    this.#cancel.abort(error);
    const { claims } = this.#link;
    for (const claim of claims.of(this)) {
      claims.remove(claim);
      claim.pending.reject(error);
    }
  }
}
