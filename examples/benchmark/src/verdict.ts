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

/**
 * What the rounds say about a target; one that was not measured is not reached.
 *
 * A `lenient` judge grants the margin, and is content if the best rounds of both sides are good: what else
 * the machine does makes some rounds worse and none better, but a regression shows in the best, too.
 */
export function judge(
  target: Target,
  results: ReadonlyMap<string, WorkResult>,
  lenient: boolean,
): Verdict {
  const { metric } = target;
  const rounds: Figures = (id, who) => values(results.get(id), who, metric);
  const measured = spread(measure(target, rounds));
  if (!lenient) return { target, measured, reached: isGood(target, measured.median, 0) };
  const [best = Number.NaN] = measure(target, (id, who) => bestOf(rounds(id, who), target));
  const { margin = 0 } = target;
  const reached = isGood(target, measured.median, margin) || isGood(target, best, margin);
  return { target, measured, reached };
}

/** The figures of a subject at a work. */
type Figures = (work: string, subject: Target["subject"]) => readonly number[];

function isGood({ bound }: Target, value: number, margin: number): boolean {
  return "atLeast" in bound
    ? value >= bound.atLeast * (1 - margin)
    : value <= bound.atMost * (1 + margin);
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
