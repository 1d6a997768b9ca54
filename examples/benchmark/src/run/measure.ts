import { fileURLToPath } from "node:url";
import { turns } from "../statistics.ts";
import type { WorkResult } from "../results.ts";
import type { Job, Sample, Subject, Task } from "../task.ts";
import type { Work } from "../work-list.ts";
import { output, serve } from "./child.ts";

/** How works are measured. */
export interface Settings {
  /** The Node that the clients run on; the server always runs on ours. */
  readonly node: string;
  readonly rounds: number;
  /** Where CPU profiles go, if anywhere. */
  readonly profiles: string | undefined;
  /** Told of each sample. */
  readonly onSample: (subject: Subject, sample: Sample) => void;
}

/** Milliseconds after which something must be wrong. */
const timeout = 180_000;

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Flags of Node that a task needs. */
function flagsFor(task: Task): readonly string[] {
  if (task.kind === "idle") return ["--expose-gc"];
  // What is inlined allocates in the name of its caller.
  if (task.kind === "allocate") return ["--no-turbo-inlining", "--no-maglev-inlining"];
  return [];
}

/**
 * Has the subjects of a work do it, each time in a process of its own and in alternating order (A B, B A),
 * against a server in another.
 */
export async function measure(work: Work, settings: Settings): Promise<WorkResult> {
  const { node, rounds, profiles, onSample } = settings;
  const server = await serve([path("../load/main.js")]);
  const port = Number(server.greeting);
  const samples: { [subject in Subject]?: Sample[] } = {};
  try {
    for (let round = 0; round < rounds; round++) {
      for (const subject of turns(work.subjects, round)) {
        const job: Job = { subject, task: work.task, port };
        const name = `${work.id}.${subject}.${round}.cpuprofile`;
        const profiling =
          profiles === undefined
            ? []
            : ["--cpu-prof", `--cpu-prof-dir=${profiles}`, `--cpu-prof-name=${name}`];
        const args = [
          ...flagsFor(work.task),
          ...profiling,
          path("../subject.js"),
          JSON.stringify(job),
        ];
        const sample = JSON.parse(await output({ node, args, timeout })) as Sample;
        (samples[subject] ??= []).push(sample);
        onSample(subject, sample);
      }
    }
  } finally {
    await server.stop();
  }
  return { id: work.id, samples };
}
