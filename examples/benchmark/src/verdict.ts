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

/** What the rounds say about a target; one that was not measured is not reached. `lenient` grants the margin. */
export function judge(
  target: Target,
  results: ReadonlyMap<string, WorkResult>,
  lenient: boolean,
): Verdict {
  const measured = spread(measure(target, results));
  const margin = lenient ? (target.margin ?? 0) : 0;
  const { bound } = target;
  const reached =
    "atLeast" in bound
      ? measured.median >= bound.atLeast * (1 - margin)
      : measured.median <= bound.atMost * (1 + margin);
  return { target, measured, reached };
}

function measure(target: Target, results: ReadonlyMap<string, WorkResult>): readonly number[] {
  const { work, subject, base = "ws", metric, kind, from = "" } = target;
  const of = (id: string, who: typeof subject): readonly number[] =>
    values(results.get(id), who, metric);
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
