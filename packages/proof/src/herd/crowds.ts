import { exponentialBackoff, fixedDelay, schedule, standard } from "@stream-tungstenite/retry";
import type { Crowd } from "./herd.ts";

/** How the clients of a crowd choose their delays. */
export interface Habit {
  readonly name: string;
  readonly crowd: Pick<Crowd, "strategy" | "retryAfter" | "adjustDelay">;
}

/** Lengths of an outage in milliseconds. */
export const outages: readonly number[] = [0, 500, 5_000, 30_000, 300_000];

/** The strategies, each with the delays of `standard`: 1 s at first, doubled up to 60 s. */
export const strategies: readonly Habit[] = [
  ...(["full", "equal", "decorrelated", 0.3, "none"] as const).map((jitter) => ({
    name: `exponentialBackoff, jitter ${typeof jitter === "number" ? jitter : `"${jitter}"`}`,
    crowd: { strategy: exponentialBackoff({ ...standard, jitter }) },
  })),
  { name: "fixedDelay(5_000)", crowd: { strategy: fixedDelay(5_000) } },
  {
    name: "fixedDelay(5_000, { jitter: 1 })",
    crowd: { strategy: fixedDelay(5_000, { jitter: 1 }) },
  },
  {
    name: "schedule([0, 1_000, 5_000, 30_000])",
    crowd: { strategy: schedule([0, 1_000, 5_000, 30_000], { repeatLast: true }) },
  },
];

const strategy = exponentialBackoff(standard);

/** Full jitter, and what else spreads a crowd or gathers it. */
export const remedies: readonly Habit[] = [
  { name: "full jitter alone", crowd: { strategy } },
  {
    name: "first retry spread over 30 s",
    crowd: {
      strategy,
      adjustDelay: (delay, { attempt, random }) => (attempt === 1 ? random() * 30_000 : delay),
    },
  },
  { name: "Retry-After: 10 for all", crowd: { strategy, retryAfter: () => 10_000 } },
  {
    name: "Retry-After: 5 to 35, by chance",
    crowd: { strategy, retryAfter: (random) => Math.ceil(5 + random() * 30) * 1_000 },
  },
];
