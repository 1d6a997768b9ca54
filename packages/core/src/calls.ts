import type { Pending } from "./pending.ts";

/** The calls of one verb that wait for the same thing. */
export class Calls extends Set<Pending<void>> {
  /** Resolves all, or rejects them, and forgets them. */
  settle(error: unknown = null): void {
    for (const call of this) {
      if (error === null) call.resolve();
      else call.reject(error);
    }
    this.clear();
  }
}
