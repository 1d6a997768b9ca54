import { fileURLToPath } from "node:url";
import { profileName } from "../profile/profiles.ts";
import type { WorkResult } from "../results.ts";
import { turns } from "../statistics.ts";
import type { Job, Sample, Subject } from "../task.ts";
import type { Work } from "../work-list.ts";
import { serve } from "./child.ts";

/** Does a job in a process of its own. `profile` names the file of its profile, if one is wanted. */
export type DoJob = (job: Job, profile: string) => Promise<Sample>;

/** How works are measured. */
export interface Settings {
  readonly doJob: DoJob;
  /** Of each subject; the first rounds are those in which all take part. */
  readonly rounds: ReadonlyMap<Subject, number>;
  /** Told of each sample. */
  readonly onSample: (subject: Subject, sample: Sample) => void;
}

const server = fileURLToPath(new URL("../load/main.js", import.meta.url));

/**
 * Has the subjects of a work do it in alternating order (A B, B A), against a server in a process of its
 * own.
 */
export async function measure(work: Work, settings: Settings): Promise<WorkResult> {
  const { doJob, rounds, onSample } = settings;
  const service = await serve([server]);
  const port = Number(service.greeting);
  const samples: { [subject in Subject]?: Sample[] } = {};
  try {
    for (let round = 0; round < Math.max(...rounds.values()); round++) {
      const taking = work.subjects.filter((subject) => round < rounds.get(subject)!);
      for (const subject of turns(taking, round)) {
        const job: Job = { subject, task: work.task, port };
        const sample = await doJob(job, profileName(work.id, subject, round));
        (samples[subject] ??= []).push(sample);
        onSample(subject, sample);
      }
    }
  } finally {
    await service.stop();
  }
  return { id: work.id, samples };
}
