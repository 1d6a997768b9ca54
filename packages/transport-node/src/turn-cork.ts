import { atEndOfTurn } from "./clock.ts";

/** The part of a socket that a cork needs. */
export interface Corkable {
  cork(): void;
  uncork(): void;
}

/** Bytes held at most: beyond, waiting saves little and the network stands idle. */
const most = 131_072;

/**
 * Gathers the messages of one turn of the event loop into few system calls.
 *
 * ```text
 * turn      ├─ a ──── b ── c ── LARGE ── d ─┤
 * network     a             b+c+LARGE       d
 * ```
 *
 * The first message goes out at once, so that a lone one is not delayed.
 */
export class TurnCork {
  readonly #socket: Corkable;
  #inTurn = false;
  #corked = false;
  #held = 0;

  constructor(socket: Corkable) {
    this.#socket = socket;
  }

  /** To be called before a message is written. */
  hold(): void {
    if (this.#corked) return;
    if (this.#inTurn) {
      this.#corked = true;
      this.#held = 0;
      this.#socket.cork();
    } else {
      this.#inTurn = true;
      atEndOfTurn(this.#endTurn);
    }
  }

  /** To be called when a message of `bytes` is written. */
  settle(bytes: number): void {
    this.#held += bytes;
    if (this.#held >= most) this.release();
  }

  /** Lets out what is held: before anything that must not wait. */
  release(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.#socket.uncork();
  }

  readonly #endTurn = (): void => {
    this.#inTurn = false;
    this.release();
  };
}
