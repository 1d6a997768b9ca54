import type { Outcome } from "./trial.ts";

/** What is claimed of a trial, and whether it held. */
export interface Verdict {
  readonly sentence: string;
  readonly holds: boolean;
}

export function verdicts(outcome: Outcome): readonly Verdict[] {
  const { clients, restarts, connected, connections, heap, warnings, fatal } = outcome;
  const growth = heap.after / heap.before - 1;
  return [
    {
      sentence: `all are connected at the end: ${connected} of ${clients}`,
      holds: connected === clients && fatal.length === 0,
    },
    {
      sentence: `each was connected anew after each of ${restarts} restarts: ${connections} connections`,
      holds: connections >= clients * (restarts + 1),
    },
    {
      sentence: `the heap is as large as before, within 5 %: ${(growth * 100).toFixed(1)} %`,
      holds: Math.abs(growth) <= 0.05,
    },
    {
      sentence: `nothing warned: ${warnings.join("; ") || "no warning"}`,
      holds: warnings.length === 0,
    },
  ];
}
