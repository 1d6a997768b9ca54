import { isDeepStrictEqual } from "node:util";
import type { Machine } from "./machine.ts";
import type { Sample, Subject } from "./task.ts";
import type { Versions } from "./versions.ts";

/** What the rounds of one work gave: the n-th sample of each subject belongs to the n-th round. */
export interface WorkResult {
  readonly id: string;
  readonly samples: { readonly [subject in Subject]?: readonly Sample[] };
}

/** What a run gave; kept as JSON. */
export interface Results {
  readonly machine: Machine;
  /** As `2026-01-31`. */
  readonly date: string;
  /** Of what was measured, where they are known. */
  readonly versions?: Versions;
  readonly works: readonly WorkResult[];
}

/** The values of one figure, round by round; none when the subject did not do the work. */
export function values(
  result: WorkResult | undefined,
  subject: Subject,
  metric: string,
): readonly number[] {
  return (result?.samples[subject] ?? []).map((sample) => sample[metric] ?? Number.NaN);
}

/**
 * Works of a later run take the place of those of an earlier one; those of another machine or of other
 * versions are dropped.
 */
export function merge(earlier: Results, later: Results): Results {
  const again = new Set(later.works.map(({ id }) => id));
  const isComparable =
    isSame(earlier.machine, later.machine) && areSame(earlier.versions, later.versions);
  const kept = isComparable ? earlier.works.filter(({ id }) => !again.has(id)) : [];
  return { ...later, works: [...kept, ...later.works] };
}

/** The rounds of works that were measured again stand behind those that they had. */
export function addRounds(
  earlier: readonly WorkResult[],
  later: readonly WorkResult[],
): readonly WorkResult[] {
  return earlier.map((work) => {
    const more = later.find(({ id }) => id === work.id)?.samples ?? {};
    const samples = (Object.keys(work.samples) as Subject[]).map((subject) => [
      subject,
      [...(work.samples[subject] ?? []), ...(more[subject] ?? [])],
    ]);
    return { id: work.id, samples: Object.fromEntries(samples) as WorkResult["samples"] };
  });
}

/** The memory, which is kept rounded, tells no machines apart. */
function isSame(one: Machine, other: Machine): boolean {
  return (["cpu", "cores", "system", "node"] as const).every((key) => one[key] === other[key]);
}

/** Where they are not known, nothing says that they differ. */
function areSame(one: Versions | undefined, other: Versions | undefined): boolean {
  return one === undefined || other === undefined || isDeepStrictEqual(one, other);
}

/** Four significant digits say all that repeats. */
export function stringify(results: unknown): string {
  const round = (_: string, value: unknown): unknown =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value;
  return `${JSON.stringify(results, round, 1)}\n`;
}
