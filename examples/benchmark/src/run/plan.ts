import { targets, type Target } from "../targets.ts";
import type { Subject, Task } from "../task.ts";
import { works, type Work } from "../work-list.ts";

/** A work, and how many rounds of it. */
export interface Step {
  readonly work: Work;
  readonly rounds: number;
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
  /** Factor on the number of messages. */
  readonly scale: number | undefined;
}

/** Targets that the short form judges. */
export const checked: readonly Target[] = targets.filter(({ margin }) => margin !== undefined);

/** Rounds of works that a target is about, and of others. */
const many = 9;
const few = 5;
/** Rounds of the short form, and its factor. */
const short = { rounds: 5, scale: 0.3 };
/** Rounds of what takes a moment only: more of them say more. */
const quick = 15;

/** The works to do. */
export function plan(choice: Choice): readonly Step[] {
  const { check, only, browser } = choice;
  const wanted = check ? checked : targets;
  return works
    .filter(({ place }) => (place === "chromium") === browser)
    .filter(({ id }) => !check || needed(wanted, id).size > 0)
    .filter(({ id }) => only.length === 0 || only.some((part) => isMeant(part, id)))
    .map((work) => {
      const { task } = work;
      const scale = choice.scale ?? (check ? short.scale : 1);
      const who = needed(wanted, work.id);
      return {
        work: {
          ...work,
          task: scaled(task, scale),
          subjects: check ? work.subjects.filter((subject) => who.has(subject)) : work.subjects,
        },
        rounds: choice.rounds ?? roundsOf(work, check, who.size > 0),
      };
    });
}

/** A name means its work alone, a part of names all that have it. */
function isMeant(part: string, id: string): boolean {
  return works.some((work) => work.id === part) ? id === part : id.includes(part);
}

function roundsOf({ task }: Work, check: boolean, isTarget: boolean): number {
  if (task.kind === "import") return quick;
  if (check) return task.kind === "allocate" || task.kind === "idle" ? 1 : short.rounds;
  if (task.kind === "idle" && task.heartbeat > 0) return few;
  if (task.kind === "allocate") return 3;
  return isTarget ? many : few;
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

/** The same with fewer or more messages, or outages. */
export function scaled(task: Task, scale: number): Task {
  const count = (messages: number): number => Math.max(1, Math.round(messages * scale));
  if (task.kind === "outage") return { ...task, outages: count(task.outages) };
  if (!("messages" in task)) return task;
  const messages = count(task.messages);
  return "warmUp" in task
    ? { ...task, messages, warmUp: count(task.warmUp) }
    : { ...task, messages };
}
