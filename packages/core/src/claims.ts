import type { Message } from "./message.ts";
import type { Pending } from "./pending.ts";

/** A `receive` that waits for its message. */
export interface Claim {
  readonly match: ((message: Message) => boolean) | undefined;
  readonly pending: Pending<Message>;
}

/**
 * What handshakes and exchanges wait for, and what arrived that none of them has claimed yet. The first
 * claim that matches takes a message; the messages it does not want keep their place.
 */
export class Claims {
  #waiting: Claim[] = [];
  readonly unclaimed: Message[] = [];

  get length(): number {
    return this.#waiting.length;
  }

  /** Takes a message that is there already, or waits for one. */
  add(claim: Claim): void {
    const at = this.unclaimed.findIndex((message) => wants(claim, message));
    if (at >= 0) claim.pending.resolve(this.unclaimed.splice(at, 1)[0] as Message);
    else if (!claim.pending.settled) this.#waiting.push(claim);
  }

  /** Whether a claim took the message. */
  offer(message: Message): boolean {
    const claim = this.#waiting.find((one) => wants(one, message));
    if (!claim) return false;
    this.remove(claim);
    claim.pending.resolve(message);
    return true;
  }

  remove(claim: Claim): void {
    this.#waiting = this.#waiting.filter((other) => other !== claim);
  }
}

/** A predicate that throws ends its claim with that error; the message is for others. */
function wants(claim: Claim, message: Message): boolean {
  if (claim.pending.settled) return false;
  try {
    return claim.match === undefined || claim.match(message);
  } catch (error) {
    claim.pending.reject(error);
    return false;
  }
}
