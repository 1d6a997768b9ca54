import type { Summary } from "./events.ts";

export type Verdict = "accounted" | "unaccounted" | "gave up" | "never connected";

/** Whether the run shows what it should. */
export function verdict({ connections, gaveUp, orders }: Summary): Verdict {
  const faults =
    orders.missing.length + orders.duplicated.length + orders.droppedButDelivered.length;
  if (faults > 0) return "unaccounted";
  if (gaveUp !== null) return "gave up";
  return connections === 0 ? "never connected" : "accounted";
}
