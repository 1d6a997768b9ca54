import type { Message } from "./message.ts";
import type { Pending } from "./pending.ts";
import { settled } from "./settled.ts";

/** A `receive` that waits for its message. */
export interface Claim {
  /** Who waits. */
  readonly session: object;
  readonly match: ((message: Message) => boolean) | undefined;
  readonly pending: Pending<Message>;
}

/** Where messages go that nobody claims. */
export interface Application {
  deliver(message: Message): void;
}

/**
 * Who gets a message that passed every hook: the first handshake or exchange that claims it, else the
 * application.
 *
 * ```text
 *                claim? ──yes──► receive(match)
 *   message ─────► │ no
 *                  └─ released? ──yes──► application
 *                         │ no              ▲
 *                         └──► unclaimed ───┘ release
 * ```
 */
export class Claims {
  readonly #application: Application;
  #waiting: readonly Claim[] = none;
  readonly #unclaimed: Message[] = [];
  #released: boolean;
  /** Messages claimed so far. */
  #taken = 0;

  /** `released` as if `release` had been called. */
  constructor(application: Application, released: boolean = false) {
    this.#application = application;
    this.#released = released;
  }

  /** Messages that nobody has claimed yet. */
  get length(): number {
    return this.#unclaimed.length;
  }

  /** Takes a message that is there already, or waits for one; messages not wanted keep their place. */
  add(claim: Claim): void {
    const at = this.#unclaimed.findIndex((message) => this.#wants(claim, message));
    if (at >= 0) this.#give(claim, this.#unclaimed.splice(at, 1)[0]!);
    else if (!claim.pending.settled) this.#waiting = [...this.#waiting, claim];
  }

  /** What a session waits for. */
  of(session: object): readonly Claim[] {
    return this.#waiting.filter((claim) => claim.session === session);
  }

  remove(claim: Claim): void {
    this.#waiting = this.#waiting.filter((other) => other !== claim);
  }

  offer(message: Message): void {
    const waiting = this.#waiting;
    for (let i = 0; i < waiting.length; i++) {
      const claim = waiting[i]!;
      if (!this.#wants(claim, message)) continue;
      this.remove(claim);
      this.#give(claim, message);
      if (this.#released) void this.#settle();
      return;
    }
    if (this.#released) this.#application.deliver(message);
    else this.#unclaimed.push(message);
  }

  /** Hands what nobody claimed to the application, and from now on everything at once. */
  release(): void {
    // One by one: a listener may claim the next.
    while (this.#unclaimed.length > 0) this.#application.deliver(this.#unclaimed.shift()!);
    this.#released = true;
  }

  /**
   * The exchange whose message this was wants to go on before the next message is looked at: the server
   * may have sent several answers at once. Its code runs some promise turns later.
   */
  async #settle(): Promise<void> {
    this.#released = false;
    let seen: number;
    do {
      seen = this.#taken;
      await settled();
    } while (seen !== this.#taken);
    this.release();
  }

  /** A predicate that throws ends its claim with that error; the message is for others. */
  #wants(claim: Claim, message: Message): boolean {
    const { match, pending } = claim;
    if (pending.settled) return false;
    try {
      return !match || match(message);
    } catch (error) {
      this.remove(claim);
      pending.reject(error);
      return false;
    }
  }

  #give(claim: Claim, message: Message): void {
    this.#taken++;
    claim.pending.resolve(message);
  }
}

const none: readonly never[] = [];
