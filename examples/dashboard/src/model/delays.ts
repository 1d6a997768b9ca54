import type { DisconnectCause } from "@stream-tungstenite/core";
import type { Transition } from "@stream-tungstenite/ext-status";

/** A delay as it was chosen before a retry. */
export interface ChosenDelay {
  /** The n-th retry of its outage. */
  readonly attempt: number;
  /** Milliseconds. */
  readonly delay: number;
  /** The longest it could have been: chance chose between nothing and this. Milliseconds. */
  readonly ceiling: number;
  readonly cause: DisconnectCause;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** How the ceiling grows, in milliseconds. */
export interface Growth {
  readonly initial: number;
  readonly factor: number;
  readonly max: number;
}

/** The last delays, newest first. */
export function chosenDelays(
  history: readonly Transition[],
  { initial, factor, max }: Growth,
  limit: number,
): readonly ChosenDelay[] {
  const chosen: ChosenDelay[] = [];
  for (let index = history.length - 1; index >= 0 && chosen.length < limit; index--) {
    const { at, to } = history[index]!;
    if (to.status !== "waiting") continue;
    const { attempt, delay, cause } = to;
    const ceiling = Math.min(max, initial * factor ** (attempt - 1));
    chosen.push({ attempt, delay, ceiling, cause, at });
  }
  return chosen;
}
