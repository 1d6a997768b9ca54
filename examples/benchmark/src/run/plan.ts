import { promised, targets, type Target } from "../targets.ts";
import type { Extent, Subject, Task } from "../task.ts";
import { UsageError } from "../usage-error.ts";
import { works, type Work } from "../work-list.ts";

/** A work, and how many rounds of it each of its subjects does. */
export interface Step {
  readonly work: Work;
  readonly rounds: ReadonlyMap<Subject, number>;
}

/** What of all is to be done. */
export interface Choice {
  /** The short form. */
  readonly check: boolean;
  /** Those in a browser instead of those in Node. */
  readonly browser: boolean;
  /** Parts of identifiers; any of them. All works without. */
  readonly only: readonly string[];
  /** Rounds of each work; what suits the work without. */
  readonly rounds: number | undefined;
  /** Factor on how much is done. */
  readonly scale: number | undefined;
}

/** Targets that the short form judges. */
export const checked: readonly Target[] = targets.filter(({ margin }) => margin !== undefined);

/**
 * The works to do.
 *
 * @throws UsageError if a part of identifiers, or all of the choice, means none of them: a run that measures
 * nothing would seem to have passed
 */
export function plan(choice: Choice): readonly Step[] {
  const steps = allOf(choice);
  const { check, browser, only } = choice;
  const ids = check ? judgedOf(steps) : steps.map(({ work }) => work.id);
  const missing = only.filter((part) => !ids.some((id) => isMeant(part, id)));
  const does = check ? "the short form judges" : "is measured";
  const none = `no work that ${does} in ${browser ? "Chromium" : "Node"}`;
  if (missing.length > 0) {
    const parts = missing.map((part) => `"${part}"`).join(", ");
    throw new UsageError(`--only: ${none} has ${parts} in its name`);
  }
  if (ids.length === 0) throw new UsageError(`there is ${none}`);
  return steps;
}

/** The works that the short form judges by: one that another is compared with says nothing alone. */
function judgedOf(steps: readonly Step[]): readonly string[] {
  const ids = new Set(steps.map(({ work }) => work.id));
  return checked
    .map(({ work, from = work }) => [work, from])
    .filter((pair) => pair.every((id) => ids.has(id)))
    .flat();
}

/** What the choice means. */
function allOf(choice: Choice): readonly Step[] {
  const { check, only, browser } = choice;
  const wanted = check ? checked : promised;
  return works
    .filter(({ place }) => (place === "chromium") === browser)
    .filter(({ id }) => !check || needed(wanted, id).size > 0)
    .filter(({ id }) => only.length === 0 || only.some((part) => isMeant(part, id)))
    .map((work) => {
      const task = scaled(work.task, choice.scale ?? (check ? 0.5 : 1));
      const who = needed(wanted, work.id);
      const subjects = check ? work.subjects.filter((subject) => who.has(subject)) : work.subjects;
      const rounds = new Map(
        subjects.map((subject) => [
          subject,
          choice.rounds ?? roundsOf(task, check, who.has(subject)),
        ]),
      );
      return { work: { ...work, task, subjects }, rounds };
    });
}

/** A name means its work alone, a part of names all that have it. */
function isMeant(part: string, id: string): boolean {
  return works.some((work) => work.id === part) ? id === part : id.includes(part);
}

/** Subjects that a target is about do more rounds than the others, which stand beside them. */
function roundsOf(task: Task, check: boolean, isTarget: boolean): number {
  switch (task.kind) {
    case "import":
      return isTarget ? 15 : 5;
    case "idle":
    case "allocate":
      // Memory repeats.
      return isTarget && !check ? 3 : 1;
    case "receive":
    case "send":
      return check ? 5 : isTarget ? 11 : 2;
    case "echo":
      return check ? 5 : isTarget ? 9 : 2;
    case "crowd":
    case "outage":
    case "drain":
      return check || isTarget ? 5 : 2;
  }
}

/** Who has to do a work for those targets to be judged. */
function needed(wanted: readonly Target[], id: string): ReadonlySet<Subject> {
  return new Set(
    wanted
      .filter(({ work, from }) => work === id || from === id)
      .flatMap(({ kind, subject, base = "ws" }) =>
        kind === "value" ? [subject] : [subject, base],
      ),
  );
}

/** The same with less or more to do. */
export function scaled(task: Task, scale: number): Task {
  const some = (amount: number): number => Math.max(1, Math.round(amount * scale));
  const long = (extent: Extent): Extent =>
    "step" in extent
      ? { ...extent, warmUp: extent.warmUp * scale, span: extent.span * scale }
      : // Named by its count, and quick.
        extent;
  switch (task.kind) {
    case "receive":
    case "send":
      return { ...task, extent: long(task.extent) };
    case "allocate":
      // The fewer messages, the more of what is allocated once counts for each.
      return task;
    case "echo":
    case "crowd":
      return { ...task, warmUp: some(task.warmUp), messages: some(task.messages) };
    case "drain":
      return { ...task, messages: some(task.messages) };
    case "outage":
      return { ...task, outages: some(task.outages) };
    case "idle":
      return { ...task, heartbeat: task.heartbeat * scale, window: task.window * scale };
    case "import":
      return task;
  }
}
