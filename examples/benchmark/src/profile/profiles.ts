import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../machine.ts";
import type { WorkResult } from "../results.ts";
import type { Subject } from "../task.ts";
import { selfTimes, type CpuProfile, type Share } from "./self-times.ts";

/** Where the time of one subject at one work went. */
export interface Profile {
  readonly work: string;
  readonly subject: Subject;
  readonly files: readonly Share[];
  readonly functions: readonly Share[];
}

/** What is kept of a run with `--profile`. */
export interface Profiles {
  readonly machine: Machine;
  readonly date: string;
  readonly profiles: readonly Profile[];
}

/** Whose time is shown. */
export const profiled: readonly Subject[] = ["ws", "tungstenite"];

/** Shares below which nothing is kept, and how many functions are. */
const least = 0.005;
const functionsKept = 12;

/** Sums up the profiles that a run has left in a directory, over its rounds. */
export function readProfiles(directory: string, works: readonly WorkResult[]): Profile[] {
  return works.flatMap(({ id, samples }) =>
    profiled.flatMap((subject) => {
      const rounds = (samples[subject] ?? [])
        .map((_, round) => join(directory, profileName(id, subject, round)))
        .filter((file) => existsSync(file));
      if (rounds.length === 0) return [];
      const { files, functions } = selfTimes(
        rounds.map((file) => JSON.parse(readFileSync(file, "utf8")) as CpuProfile),
      );
      const kept = (shares: readonly Share[]): Share[] =>
        shares.filter(({ share }) => share >= least);
      return {
        work: id,
        subject,
        files: kept(files),
        functions: kept(functions).slice(0, functionsKept),
      };
    }),
  );
}

/** The file of one round. */
export function profileName(work: string, subject: Subject, round: number): string {
  return `${work}.${subject}.${round}.cpuprofile`;
}

/** Works of a later run take the place of those of an earlier one. */
export function mergeProfiles(earlier: Profiles | undefined, later: Profiles): Profiles {
  const again = new Set(later.profiles.map(({ work }) => work));
  const kept = (earlier?.profiles ?? []).filter(({ work }) => !again.has(work));
  return { ...later, profiles: [...kept, ...later.profiles] };
}
