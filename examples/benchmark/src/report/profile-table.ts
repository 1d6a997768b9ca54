import { profiled, type Profile } from "../profile/profiles.ts";
import { spread } from "../statistics.ts";
import { values } from "../results.ts";
import { plain } from "./figure.ts";
import { names } from "./names.ts";
import { table } from "./table.ts";
import type { ResultsById } from "./tables.ts";

/** Shares below which a row says nothing. */
const least = 0.01;

/**
 * A row a file, a column a subject: nanoseconds of a message, and the share of the subject's time. Shares
 * alone would not do, for subjects take different times in all.
 */
export function profileTable(
  work: string,
  profiles: readonly Profile[],
  results: ResultsById,
): string {
  const columns = profiled.flatMap((subject) => {
    const profile = profiles.find((each) => each.work === work && each.subject === subject);
    if (!profile) return [];
    const cpu = spread(values(results.get(work), subject, "cpu")).median;
    return { subject, cpu, shares: new Map(profile.files.map(({ name, share }) => [name, share])) };
  });
  const largest = (file: string): number =>
    Math.max(...columns.map(({ shares }) => shares.get(file) ?? 0));
  const files = [...new Set(columns.flatMap(({ shares }) => [...shares.keys()]))]
    .filter((file) => largest(file) >= least)
    .toSorted((a, b) => largest(b) - largest(a));
  if (files.length === 0) return "";
  const cell = (cpu: number, share: number | undefined): string =>
    share === undefined
      ? ""
      : `${plain(share * cpu * 1_000)} ns, ${(share * 100).toFixed(1).padStart(4)} %`;
  return table([
    ["time of a message in", ...columns.map(({ subject }) => names[subject])],
    ...files.map((file) => [
      `\`${file}\``,
      ...columns.map(({ cpu, shares }) => cell(cpu, shares.get(file))),
    ]),
    ["all", ...columns.map(({ cpu }) => `${plain(cpu * 1_000)} ns`)],
  ]);
}
