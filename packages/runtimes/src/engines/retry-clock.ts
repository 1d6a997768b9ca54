import { setTimeout } from "node:timers/promises";

/** Milliseconds between two tries. */
const interval = 50;

/** Tries until it works, or until it no longer may. */
export async function retry(
  attempt: () => Promise<unknown>,
  mayWork: () => boolean,
): Promise<void> {
  while (mayWork()) {
    try {
      await attempt();
      return;
    } catch {
      await setTimeout(interval);
    }
  }
  throw new Error("It never worked");
}
