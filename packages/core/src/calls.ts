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
  #waiting: { [K in Verb]?: Set<Pending<void>> | undefined } | null = null;

  add(verb: Verb, call: Pending<void>): void {
    const waiting = (this.#waiting ??= {});
    (waiting[verb] ??= new Set()).add(call);
  }

  delete(verb: Verb, call: Pending<void>): void {
    const calls = this.#waiting?.[verb];
    if (calls?.delete(call) && calls.size === 0) this.#forget(verb);
  }

  /** Somebody has called this and waits. */
  has(verb: Verb): boolean {
    return this.#waiting?.[verb] !== undefined;
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
    const calls = this.#waiting?.[verb];
    if (!calls) return;
    this.#forget(verb);
    for (const call of calls) {
      if (error === null) call.resolve();
      else call.reject(error);
    }
  }

  #forget(verb: Verb): void {
    const waiting = this.#waiting!;
    waiting[verb] = undefined;
    if (!Object.values(waiting).some(Boolean)) this.#waiting = null;
  }
}
