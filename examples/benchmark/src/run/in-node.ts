import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Sample, Task } from "../task.ts";
import { firstLine } from "./child.ts";
import type { DoJob } from "./measure.ts";

/** Milliseconds after which something must be wrong. */
const timeout = 180_000;

const subject = fileURLToPath(new URL("../subject.js", import.meta.url));

/** Flags of Node that a task needs. */
function flagsFor(task: Task): readonly string[] {
  if (task.kind === "idle") return ["--expose-gc"];
  // What is inlined allocates in the name of its caller.
  if (task.kind === "allocate") return ["--no-turbo-inlining", "--no-maglev-inlining"];
  return [];
}

/** Does jobs in Node. CPU profiles go to the directory `profiles`, if there is one. */
export function inNode(node: string, profiles: string | undefined): DoJob {
  if (profiles !== undefined) mkdirSync(profiles, { recursive: true });
  return async (job, name) => {
    const profile = profiles === undefined ? {} : { profile: join(profiles, name) };
    const args = [...flagsFor(job.task), subject, JSON.stringify({ ...job, ...profile })];
    return JSON.parse(await firstLine({ node, args, timeout })) as Sample;
  };
}
