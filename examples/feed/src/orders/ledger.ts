import type { Range } from "../ranges.ts";

/**
 * What became of an order, as far as the client knows:
 *
 * ```text
 *            ┌── dropped                 the client said so: it was never sent
 * queued ────┤
 *            └── handed ──┬── receipted  the server has it in its books
 *                         └── unknown    its connection was lost first; the client said so
 * ```
 */
type Fate = "queued" | "handed" | "unknown" | "receipted" | "dropped";

interface Entry {
  fate: Fate;
  /** The connection it was handed to. */
  connection: number | null;
}

/** The sum at the end. The lists name what should not be. */
export interface Accounts {
  readonly accepted: number;
  readonly receipted: number;
  readonly dropped: number;
  readonly unknown: number;
  /** Accepted, and then neither receipted nor reported. */
  readonly missing: readonly number[];
  /** Delivered more than once. */
  readonly duplicated: readonly number[];
  /** Reported dropped, and delivered all the same. */
  readonly droppedButDelivered: readonly number[];
}

/**
 * Keeps account of every order the client accepted. It believes nothing it was not told: an order is of unknown fate
 * only if its connection was lost and no later order of that connection was received, since a server reads a
 * connection's orders in the order they were sent.
 */
export class OrderLedger {
  readonly #entries = new Map<number, Entry>();
  readonly #duplicated = new Set<number>();
  readonly #contradicted = new Set<number>();
  readonly #count: Record<Fate, number> = {
    queued: 0,
    handed: 0,
    unknown: 0,
    receipted: 0,
    dropped: 0,
  };

  /** Orders of which there is still something to hear: queued, or handed to a connection that lives. */
  get open(): number {
    return this.#count.queued + this.#count.handed;
  }

  get accepted(): number {
    return this.#entries.size;
  }

  get receipted(): number {
    return this.#count.receipted;
  }

  /** The order is given to the client. */
  place(order: number): void {
    this.#entries.set(order, { fate: "queued", connection: null });
    this.#count.queued++;
  }

  /** The client refused it on the spot: it was never accepted. */
  withdraw(order: number): void {
    const entry = this.#entries.get(order);
    if (entry === undefined) return;
    this.#count[entry.fate]--;
    this.#entries.delete(order);
  }

  /** It left the queue on this connection. */
  handOver(order: number, connection: number): void {
    const entry = this.#entries.get(order);
    if (entry === undefined) return;
    entry.connection = connection;
    this.#settle(entry, "handed");
  }

  /** The client reported that it will not be sent. */
  drop(order: number): void {
    const entry = this.#entries.get(order);
    if (entry?.fate === "receipted") this.#contradicted.add(order);
    else if (entry !== undefined) this.#settle(entry, "dropped");
  }

  /** The server's receipt, read on this connection. */
  receipt(order: number, connection: number, duplicate: boolean): void {
    if (duplicate) this.#duplicated.add(order);
    const entry = this.#entries.get(order);
    if (entry === undefined) return;
    // The receipt comes on the connection that carried the order: the client kept it back from an earlier one.
    entry.connection = connection;
    this.#receipted(order, entry);
  }

  /** The server's list of orders in its books; returns those whose fate had been unknown. */
  known(ranges: readonly Range[]): readonly number[] {
    const found: number[] = [];
    for (const [order, entry] of this.#entries) {
      if (entry.fate === "receipted") continue;
      if (!ranges.some(([first, last]) => first <= order && order <= last)) continue;
      if (entry.fate === "unknown") found.push(order);
      this.#receipted(order, entry);
    }
    return found;
  }

  /**
   * The connection was lost while `queued` messages stayed in the client's queue; returns the orders whose fate is
   * unknown from now on. A message that the transport refused at the last moment is back in the queue.
   */
  lose(connection: number, queued: number): readonly number[] {
    const unknown: number[] = [];
    let waiting = 0;
    for (const [order, entry] of this.#entries) {
      if (entry.fate === "queued") waiting++;
      if (entry.fate === "handed" && entry.connection === connection) unknown.push(order);
    }
    const keptBack = unknown.splice(Math.max(0, unknown.length - Math.max(0, queued - waiting)));
    for (const order of keptBack) this.#settle(this.#entry(order), "queued");
    for (const order of unknown) this.#settle(this.#entry(order), "unknown");
    return unknown;
  }

  /** The books are closed: what is still open now is missing. */
  close(): Accounts {
    const lastDelivered = new Map<number | null, number>();
    for (const [order, { fate, connection }] of this.#entries) {
      if (fate === "receipted") lastDelivered.set(connection, order);
    }
    const count = { receipted: 0, dropped: 0, unknown: 0 };
    const missing: number[] = [];
    for (const [order, { fate, connection }] of this.#entries) {
      if (fate === "receipted" || fate === "dropped") count[fate]++;
      else if (fate === "unknown" && order > (lastDelivered.get(connection) ?? 0)) count.unknown++;
      else missing.push(order);
    }
    return {
      accepted: this.#entries.size,
      ...count,
      missing,
      duplicated: [...this.#duplicated],
      droppedButDelivered: [...this.#contradicted],
    };
  }

  #receipted(order: number, entry: Entry): void {
    if (entry.fate === "dropped") this.#contradicted.add(order);
    this.#settle(entry, "receipted");
  }

  #settle(entry: Entry, fate: Fate): void {
    this.#count[entry.fate]--;
    this.#count[fate]++;
    entry.fate = fate;
  }

  #entry(order: number): Entry {
    return this.#entries.get(order) as Entry;
  }
}
