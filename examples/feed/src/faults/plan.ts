import type { Random } from "@stream-tungstenite/retry";

/** Something that goes wrong with the server. `downtime` in milliseconds, `retryAfter` in seconds. */
export type Fault =
  | { readonly kind: "kill"; readonly downtime: number }
  | { readonly kind: "close"; readonly code: number; readonly reason: string }
  | {
      readonly kind: "refuse";
      readonly code: number;
      readonly count: number;
      readonly retryAfter: number;
    }
  | { readonly kind: "silence" };

/** A fault and when it is due. */
export interface PlannedFault {
  /** Milliseconds after the start. */
  readonly at: number;
  /** Milliseconds until the client should be back and have been connected for a while. */
  readonly window: number;
  readonly fault: Fault;
}

const firstFault = 1_500;
/** Milliseconds before the end in which nothing is broken any more, so that the books can be closed. */
export const quietTime = 2_000;

const closes: readonly (readonly [code: number, reason: string])[] = [
  [1000, "done"],
  [1001, "going away"],
  [1011, "internal error"],
  [1013, "try again later"],
  [4000, "the application's own"],
];

/** Which faults a run of `duration` milliseconds meets, as many as fit. The same randomness gives the same plan. */
export function planFaults(duration: number, random: Random): readonly PlannedFault[] {
  const plan: PlannedFault[] = [];
  let at = firstFault;
  for (;;) {
    for (const [window, fault] of round(random)) {
      if (at + window > duration - quietTime) return plan;
      plan.push({ at: Math.round(at + random() * 200), window, fault });
      at += window;
    }
  }
}

/** Every kind of fault once, each close code once; those that show most come first. */
function round(random: Random): readonly (readonly [window: number, fault: Fault])[] {
  const [first, second, ...rest] = shuffled(closes, random).map(
    ([code, reason]) => [1_200, { kind: "close", code, reason }] as const,
  );
  return [
    [2_000, { kind: "kill", downtime: 600 }],
    ...(first === undefined ? [] : [first]),
    [2_500, { kind: "refuse", code: 1012, count: 1, retryAfter: 1 }],
    ...(second === undefined ? [] : [second]),
    [3_500, { kind: "silence" }],
    ...rest,
  ];
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
