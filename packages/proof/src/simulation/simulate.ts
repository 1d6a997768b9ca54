import { resolve } from "node:path";
import * as fc from "fast-check";
import { schedules } from "./arbitrary.ts";
import { Coverage } from "./coverage.ts";
import { loopTurn } from "./loop-clock.ts";
import { play } from "./play.ts";
import type { Schedule } from "./schedule.ts";

/** Which schedules to run. */
export interface Simulation {
  readonly seed: number;
  readonly schedules: number;
  /** Of one schedule among those of the seed, as a failure tells it. */
  readonly path?: string | undefined;
  /** Where the core under test is, if it is not the workspace's: for the command that shows a failure again. */
  readonly core?: string | undefined;
  /** Told after every schedule. */
  readonly onProgress?: ((done: number, failed: boolean) => void) | undefined;
}

/** What they have shown. */
export interface Report {
  readonly coverage: Coverage;
  /** How many ran until the first failure, or in all. */
  readonly ran: number;
  /** What went wrong, with a trace and the command that shows it again; `null` is what everybody hopes for. */
  readonly failure: string | null;
}

/** Runs schedules one after the other; the first that breaks a rule is made as short as possible. */
export async function simulate({
  seed,
  schedules: count,
  path,
  core,
  onProgress,
}: Simulation): Promise<Report> {
  const coverage = new Coverage();
  let hasFailed = false;
  const rejections: unknown[] = [];
  const onRejection = (error: unknown): void => void rejections.push(error);
  process.on("unhandledRejection", onRejection);
  try {
    const property = fc.asyncProperty(schedules, async (schedule) => {
      const { broken, reached } = await play(schedule);
      // Unhandled rejections are told when the event loop gets its turn.
      await loopTurn();
      const all = [
        ...broken,
        ...rejections.splice(0).map((error) => `an unhandled rejection: ${String(error)}`),
      ];
      if (!hasFailed) coverage.add(reached);
      hasFailed ||= all.length > 0;
      onProgress?.(coverage.schedules, hasFailed);
      if (all.length > 0) throw new Error(all.join("\n"));
    });
    const result = await fc.check(property, {
      seed,
      numRuns: count,
      ...(path === undefined ? {} : { path, endOnFailure: true }),
    });
    const failure = result.failed ? await describe(result, count, core) : null;
    return { coverage, ran: coverage.schedules, failure };
  } finally {
    process.off("unhandledRejection", onRejection);
  }
}

async function describe(
  result: fc.RunDetails<[Schedule]>,
  count: number,
  core: string | undefined,
): Promise<string> {
  const { seed, counterexamplePath, counterexample, numRuns, numShrinks, errorInstance } = result;
  const { trace } = await play(counterexample![0], true);
  await loopTurn();
  return [
    `Schedule ${numRuns} of ${count} with seed ${seed} broke a rule; made shorter ${numShrinks} times:`,
    "",
    ...trace,
    "",
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    "",
    "See it again:",
    `  ${replay(seed, counterexamplePath!, core)}`,
  ].join("\n");
}

/** A command that works with any Node: a script of the workspace runs on the workspace's own. */
function replay(seed: number, path: string, core: string | undefined): string {
  const elsewhere = core === undefined ? "" : ` --core ${resolve(core)}`;
  return `npx -y pnpm@12.4.2 --filter proof replay --seed ${seed} --path ${path}${elsewhere}`;
}
