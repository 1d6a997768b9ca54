import type { ClientState, StateChange } from "@stream-tungstenite/core";

/** One change of the client's state. */
export interface Transition extends StateChange {
  /** Milliseconds since the epoch, by the client's clock. */
  readonly at: number;
}

/** The last so many transitions. The list is replaced, never changed: who holds one may compare it. */
export class History {
  list: readonly Transition[] = Object.freeze([]);
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(at: number, from: ClientState, to: ClientState): void {
    if (this.#limit === 0) return;
    const kept = this.list.slice(1 - this.#limit || this.list.length);
    this.list = Object.freeze([...kept, Object.freeze({ at, from, to })]);
  }

  clear(): void {
    this.list = Object.freeze([]);
  }
}
