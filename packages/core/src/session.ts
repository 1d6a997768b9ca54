import type { Waiting } from "./client.ts";
import { Cancel } from "./cancel.ts";
import { HandshakeTimeoutError, NotConnectedError } from "./errors.ts";
import type { StreamTungsteniteError } from "./errors.ts";
import type { Claim } from "./claims.ts";
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
  readonly metadata: Map<string, unknown>;
  readonly #link: Link;
  readonly #cancel = new Cancel();
  readonly #claims = new Set<Claim>();
  #over: StreamTungsteniteError | null = null;
  #step: string;

  constructor(link: Link, step: string) {
    this.#link = link;
    this.#step = step;
    this.connectionId = link.id;
    this.attempt = link.attempt;
    this.reconnects = link.reconnects;
    this.protocol = link.protocol;
    this.metadata = link.metadata;
  }

  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  get step(): string {
    return this.#step;
  }
  set step(step: string) {
    this.#step = step;
    this.#link.stepped(this);
  }

  /** Somebody waits in `receive`. */
  get isReceiving(): boolean {
    for (const claim of this.#claims) if (!claim.pending.settled) return true;
    return false;
  }

  send(message: Sendable): void {
    const given = toMessage(message);
    if (this.#over) throw this.#over;
    this.#link.sendUrgent(given);
  }

  receive(match?: (message: Message) => boolean, options: Waiting = {}): Promise<Message> {
    const { timeout } = options;
    const pending: Pending<Message> = new Pending(
      this.#link.clock,
      { timeout },
      () => this.timedOut(timeout as number),
      () => this.#forget(claim),
    );
    const claim: Claim = { match, pending };
    for (const old of this.#claims) if (old.pending.settled) this.#claims.delete(old);
    if (this.#over) pending.reject(this.#over);
    else {
      this.#claims.add(claim);
      this.#link.claims.add(claim);
    }
    // A step may race several of these and forget the losers.
    return pending.quiet().promise;
  }

  timedOut(timeout: number): HandshakeTimeoutError {
    return new HandshakeTimeoutError(`Handshake '${this.#step}' timed out after ${timeout} ms`, {
      step: this.#step,
    });
  }

  /** Ends it: nothing more can be sent, what it waits for is rejected. */
  end(error?: StreamTungsteniteError): void {
    if (this.#over) return;
    this.#over = error ?? new NotConnectedError(`The handshake '${this.#step}' is over`);
    this.#cancel.abort(this.#over);
    for (const claim of this.#claims) {
      this.#forget(claim);
      claim.pending.reject(this.#over);
    }
  }

  #forget(claim: Claim): void {
    this.#claims.delete(claim);
    this.#link.claims.remove(claim);
  }
}
