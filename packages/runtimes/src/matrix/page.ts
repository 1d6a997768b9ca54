import { table } from "tooling/table";
import { columns } from "./columns.ts";
import type { Observation } from "./observation.ts";
import { sections, versionTitle } from "./rows.ts";

const introduction = `# What each runtime can do

The same contract and the same scenarios run in every runtime, against a real server. This page is written by
\`pnpm matrix\` from what those runs have observed, and CI fails when they observe something else.
`;

/** The page that observations make, one of each column. */
export function matrixPage(observations: readonly Observation[]): string {
  const ordered = columns.map(([runtime]) => {
    const found = observations.find((observation) => observation.runtime === runtime);
    if (found === undefined) throw new Error(`No run in ${runtime} was observed`);
    return found;
  });
  const parts = sections.map(({ title, text, rows }) => {
    const head = ["", ...columns.map(([, name]) => name)];
    const body = rows.map((row) => [row.title, ...ordered.map(row.cell)]);
    return `## ${title}\n\n${text}\n\n${table([head, ...body])}`;
  });
  return [introduction, ...parts].join("\n");
}

/** The runtimes without an observation. */
export function unobserved(observations: readonly Observation[]): readonly string[] {
  const seen = new Set(observations.map(({ runtime }) => runtime));
  return columns.map(([runtime]) => runtime).filter((runtime) => !seen.has(runtime));
}

/**
 * A page without what changes although no ability does: versions, how many cases there are where all pass, and the
 * width of columns.
 */
export function essence(page: string): string {
  return page
    .split("\n")
    .filter((line) => !line.startsWith(`| ${versionTitle} `))
    .map((line) =>
      line
        .replace(/\b(\d+) of \1\b/g, "all")
        .replace(/ +/g, " ")
        .replace(/-{3,}/g, "---"),
    )
    .join("\n");
}
