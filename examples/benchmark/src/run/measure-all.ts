import { now } from "../clock.ts";
import { addRounds, type WorkResult } from "../results.ts";
import type { Verdict } from "../verdict.ts";
import { Forecast, inMinutes } from "./estimate.ts";
import { measure, type Settings } from "./measure.ts";
import type { Step } from "./plan.ts";

/** What was measured, and which works could not be. */
export interface Measured {
  readonly done: readonly WorkResult[];
  /** Their identifiers. */
  readonly broken: readonly string[];
}

type Means = Omit<Settings, "rounds">;

/** Measures works one after the other, and says how long it will take. */
export async function measureAll(steps: readonly Step[], means: Means): Promise<Measured> {
  const done: WorkResult[] = [];
  const began = now();
  const forecast = new Forecast(steps);
  const broken: string[] = [];
  for (const [index, { work, rounds }] of steps.entries()) {
    const left = inMinutes(forecast.left(now() - began));
    console.error(`[${index + 1}/${steps.length}, ${left} left] ${work.title}`);
    const onSample: Settings["onSample"] = (subject, sample) => {
      forecast.add(work.task);
      means.onSample(subject, sample);
    };
    try {
      done.push(await measure(work, { ...means, rounds, onSample }));
    } catch (error) {
      // The others may still be measured; what this one should have shown counts as missed.
      broken.push(work.id);
      console.error(error instanceof Error ? error.message : error);
    }
  }
  return { done, broken };
}

/** How often a target that was missed may try again. */
const attempts = 2;

/**
 * Measures the works of missed targets again and adds what that gives: a regression stays, a machine that
 * was busy may be less so now.
 */
export async function again(
  steps: readonly Step[],
  first: Measured,
  judge: (done: readonly WorkResult[]) => readonly Verdict[],
  means: Means,
  measureSteps: typeof measureAll = measureAll,
): Promise<Measured> {
  let { done, broken } = first;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const missed = judge(done).filter(({ reached }) => !reached);
    const works = new Set(missed.flatMap(({ target: { work, from = work } }) => [work, from]));
    const repeated = steps.filter(({ work }) => works.has(work.id));
    if (repeated.length === 0) break;
    const names = missed.map(({ target }) => target.name).join("; ");
    console.error(`once more, for what was missed: ${names}`);
    const more = await measureSteps(repeated, means);
    done = addRounds(done, more.done);
    broken = [...broken, ...more.broken];
  }
  return { done, broken };
}
