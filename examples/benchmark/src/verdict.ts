import type { WorkResult } from "./results.ts";
import { values } from "./results.ts";
import { differences, ratios, spread, type Spread } from "./statistics.ts";
import type { Target } from "./targets.ts";

/** A target, and what became of it. */
export interface Verdict {
  readonly target: Target;
  /** Over the rounds. */
  readonly measured: Spread;
  readonly reached: boolean;
}

/** What the rounds say about a target; one that was not measured is not reached. */
export function judge(target: Target, results: ReadonlyMap<string, WorkResult>): Verdict {
  const measured = spread(measure(target, roundsOf(results, target.metric)));
  return { target, measured, reached: isGood(measured.median, target.bound) };
}

/** A verdict beside earlier results. */
export interface Compared extends Verdict {
  /** The worst that passes. */
  readonly bound: Target["bound"];
}

/**
 * Whether a target has become clearly worse than it was in `earlier` results, or than its bound where they
 * say nothing of it.
 *
 * It is judged by the median of the rounds, by the best rounds of both sides and, if it is a rate, by CPU
 * time in the same two ways, and passes if one of them is good: what else the machine does spoils one or the other, but a
 * regression shows in all of them.
 */
export function compare(
  target: Target,
  results: ReadonlyMap<string, WorkResult>,
  earlier: ReadonlyMap<string, WorkResult>,
): Compared {
  const { metric, margin = 0 } = target;
  const { median: before } = judge(target, earlier).measured;
  const limit = eased(target, before, margin);
  const measured = spread(measure(target, roundsOf(results, metric)));
  const rates = [measured.median, best(target, results, metric)];
  // Time of waiting is none of the processor's: CPU time may excuse a rate, but not any rate.
  const byCpu = "atLeast" in limit && rates.some((rate) => rate >= limit.atLeast / excused);
  if (metric === "rate" && byCpu) {
    const cpu = spread(measure(target, roundsOf(results, "cpu"))).median;
    rates.push(1 / cpu, 1 / best({ ...target, bound: { atMost: 0 } }, results, "cpu"));
  }
  const reached = rates.some((figure) => isGood(figure, limit));
  return { target, measured, reached, bound: limit };
}

/** How many times too low a rate may be whose CPU time is good. */
const excused = 3;

/** A target by the best rounds of both sides. */
function best(target: Target, results: ReadonlyMap<string, WorkResult>, metric: string): number {
  const rounds = roundsOf(results, metric);
  return measure(target, (id, who) => bestOf(rounds(id, who), target))[0] ?? Number.NaN;
}

/** The worst that passes: a share worse than before. What is as good as nothing has the bound itself. */
function eased(target: Target, before: number, margin: number): Target["bound"] {
  const { bound, kind } = target;
  if ("atLeast" in bound) {
    const from = Number.isFinite(before) ? before : bound.atLeast;
    return { atLeast: from * (1 - margin) };
  }
  const known = Number.isFinite(before) && kind !== "value";
  const from = kind === "difference" ? Math.max(before, bound.atMost) : before;
  return { atMost: (known ? from : bound.atMost) * (1 + margin) };
}

/** The figures of a subject at a work. */
type Figures = (work: string, subject: Target["subject"]) => readonly number[];

function roundsOf(results: ReadonlyMap<string, WorkResult>, metric: string): Figures {
  return (id, who) => values(results.get(id), who, metric);
}

function isGood(value: number, bound: Target["bound"]): boolean {
  return "atLeast" in bound ? value >= bound.atLeast : value <= bound.atMost;
}

function bestOf(figures: readonly number[], { bound }: Target): readonly number[] {
  if (figures.length === 0) return [];
  return ["atLeast" in bound ? Math.max(...figures) : Math.min(...figures)];
}

function measure(target: Target, of: Figures): readonly number[] {
  const { work, subject, base = "ws", kind, from = "" } = target;
  const mine = of(work, subject);
  const theirs = of(work, base);
  switch (kind) {
    case "value":
      return mine;
    case "difference":
      return differences(mine, theirs);
    case "ratio":
      return ratios(mine, theirs);
    case "scaling":
      return ratios(ratios(mine, theirs), ratios(of(from, subject), of(from, base)));
  }
}
