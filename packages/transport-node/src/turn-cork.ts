import { atEndOfTurn } from "./clock.ts";

/** The part of a socket that a cork needs. */
export interface Corkable {
  cork(): void;
  uncork(): void;
}

/** Bytes from which a message is worth a system call of its own. */
const large = 4_096;
/** Bytes held at most: beyond, waiting saves little and the network stands idle. */
const most = 262_144;

/**
 * Gathers the small messages of one turn of the event loop into one system call.
 *
 * ```text
 * turn      ├─ a ──── b ── c ── LARGE ── d ─┤
 * network     a          b c  LARGE         d
 * ```
 *
 * The first message goes out at once, so that a lone one is not delayed. Large ones are left alone:
 * holding them back costs more than a system call saves.
 */
export class TurnCork {
  readonly #socket: Corkable;
  #inTurn = false;
  #corked = false;
  #held = 0;

  constructor(socket: Corkable) {
    this.#socket = socket;
  }

  /** To be called before a message of `bytes` is written. */
  prepare(bytes: number): void {
    if (!this.#inTurn) {
      this.#inTurn = true;
      atEndOfTurn(this.#endTurn);
    } else if (bytes >= large) {
      this.release();
    } else if (!this.#corked) {
      this.#corked = true;
      this.#held = bytes;
      this.#socket.cork();
    } else if ((this.#held += bytes) > most) {
      this.release();
    }
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
