import { values, type WorkResult } from "../results.ts";
import { ratios, spread } from "../statistics.ts";
import type { Target } from "../targets.ts";
import type { Subject } from "../task.ts";
import type { Verdict } from "../verdict.ts";
import type { Work } from "../work-list.ts";
import { figure, plain, unitOf, withSpread } from "./figure.ts";
import { names, plainName } from "./names.ts";
import { table } from "./table.ts";

/** Results by the identifier of the work. */
export type ResultsById = ReadonlyMap<string, WorkResult>;

/** Which targets were reached; what was wanted is their bound unless the verdict says otherwise. */
export function targetTable(
  verdicts: readonly (Verdict & { readonly bound?: Target["bound"] })[],
): string {
  const rows = verdicts.map(({ target, measured, reached, bound = target.bound }) => {
    const wanted = "atLeast" in bound ? `≥ ${plain(bound.atLeast)}` : `≤ ${plain(bound.atMost)}`;
    return [target.name, wanted, withSpread(measured), reached ? "yes" : "**no**"];
  });
  return table([["target", "wanted", "measured", "reached"], ...rows]);
}

/** A row a work: the figure of the first subject, and what the others have of it, as ratios. */
export function ratioTable(
  works: readonly Work[],
  metric: string,
  results: ResultsById,
  isShown: (subject: Subject) => boolean = () => true,
): string {
  const there = works.filter(({ id }) => results.has(id));
  const measured = (who: Subject): boolean =>
    there.some(({ id }) => values(results.get(id), who, metric).length > 0);
  const order = [...new Set(there.flatMap(({ subjects }) => subjects))].filter(
    (who) => isShown(who) && measured(who),
  );
  const [base, ...others] = order;
  if (base === undefined) return "";
  const head = ["", `${names[base]}, ${unitOf(metric)}`, ...others.map((who) => names[who])];
  const rows = there.map(({ id, title }) => {
    const of = (who: Subject): readonly number[] => values(results.get(id), who, metric);
    const cells = others.map((who) => plain(spread(ratios(of(who), of(base))).median));
    return [title, figure(metric, spread(of(base)).median), ...cells];
  });
  return table([head, ...rows]);
}

/** The figure that says most about a work. */
function mainMetric({ task }: Work): string {
  switch (task.kind) {
    case "receive":
    case "send":
    case "crowd":
      return "rate";
    case "echo":
      return "p50";
    case "idle":
      return task.heartbeat > 0 ? "cpu" : "heap";
    case "outage":
      return "late";
    case "drain":
      return "drained";
    case "import":
      return "import";
    case "allocate":
      return "own";
  }
}

/** A row a work and subject: the median of the figure that says most, and its ratio to that of the first. */
export function summaryTable(works: readonly Work[], results: ResultsById): string {
  const rows = works.flatMap((work) => {
    const result = results.get(work.id);
    const metric = mainMetric(work);
    const of = (who: Subject): readonly number[] => values(result, who, metric);
    const [base = "ws"] = work.subjects;
    return work.subjects
      .filter((who) => of(who).length > 0)
      .map((who) => [
        work.title,
        plainName(who),
        `${figure(metric, spread(of(who)).median)} ${unitOf(metric)}`,
        who === base ? "1" : withSpread(spread(ratios(of(who), of(base)))),
      ]);
  });
  return table([["work", "", "median", "ratio (quartiles)"], ...rows]);
}

/** A row a subject: its figures at one work. */
export function metricTable(work: Work, metrics: readonly string[], results: ResultsById): string {
  const result = results.get(work.id);
  if (!result) return "";
  const rows = work.subjects
    .filter((who) => result.samples[who] !== undefined)
    .map((who) => [
      names[who],
      ...metrics.map((metric) => figure(metric, spread(values(result, who, metric)).median)),
    ]);
  return table([[work.title, ...metrics.map(unitOf)], ...rows]);
}
