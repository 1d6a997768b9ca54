import type { WebSocketClient } from "./client.ts";
import { NotConnectedError } from "./errors.ts";
import type { Parts } from "./parts.ts";
import type { Pending } from "./pending.ts";
import type { SupervisorHost } from "./supervisor.ts";

/** The verbs whose calls wait; those of one verb wait for the same thing. */
type Verb = "connect" | "ready" | "disconnect" | "run";
type Closed = Awaited<ReturnType<WebSocketClient["close"]>>;

/** The calls of a client's verbs that wait, and how each of them ends. */
export class Calls implements SupervisorHost {
  /** Not only `connect` calls want the effort under way: the last one to be aborted leaves it alone. */
  isWanted = false;
  /** `close()` was called. */
  closing: Pending<Closed> | null = null;
  /** Null when nobody waits, as in a client that is connected. */
  #waiting: Map<Verb, Set<Pending<void>>> | null = null;

  add(verb: Verb, call: Pending<void>): void {
    this.#waiting ??= new Map();
    const calls = this.#waiting.get(verb);
    if (calls) calls.add(call);
    else this.#waiting.set(verb, new Set([call]));
  }

  delete(call: Pending<void>): void {
    for (const [verb, calls] of this.#waiting ?? []) {
      if (calls.delete(call) && calls.size === 0) this.#waiting!.delete(verb);
    }
    if (this.#waiting?.size === 0) this.#waiting = null;
  }

  /** Somebody has called this and waits. */
  has(verb: Verb): boolean {
    return this.#waiting?.has(verb) ?? false;
  }

  // ── what the supervisor tells ─────────────────────────────────────────────────────────────────────

  connected(): void {
    this.isWanted = true;
    this.#settle("connect");
    this.#settle("ready");
  }

  rested(willDial: boolean): void {
    this.#settle("disconnect");
    if (willDial) return;
    this.isWanted = false;
    this.#settle("connect", new NotConnectedError("Disconnected before it was connected"));
  }

  closed({ causeOfEnd, endError }: Parts, wasClean: boolean, undelivered: number): void {
    this.isWanted = false;
    this.#settle("connect", endError);
    this.#settle("ready", endError);
    this.#settle("disconnect");
    this.#settle("run", causeOfEnd);
    this.closing?.resolve({ wasClean, undelivered });
  }

  /** Resolves all calls of that verb, or rejects them, and forgets them. */
  #settle(verb: Verb, error: unknown = null): void {
    for (const call of this.#waiting?.get(verb) ?? []) {
      this.delete(call);
      if (error === null) call.resolve();
      else call.reject(error);
    }
  }
}
