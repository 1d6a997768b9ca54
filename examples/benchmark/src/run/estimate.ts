import type { Task } from "../task.ts";
import type { Step } from "./plan.ts";

/** Milliseconds to start a process and to connect. */
const start = 250;

/** Milliseconds that one subject takes for a task, about. */
export function estimate(task: Task): number {
  switch (task.kind) {
    case "receive":
    case "send": {
      const { extent } = task;
      if ("step" in extent) return start + extent.warmUp + extent.span;
      return start + (extent.warmUp + extent.messages) / 1_500;
    }
    case "allocate":
      return start + (task.extent.warmUp + task.extent.messages) / 300;
    case "echo":
      return start + (task.warmUp + task.messages) / 15;
    case "crowd":
      return start + task.clients / 2 + (task.warmUp + task.messages) / 1_000;
    case "idle":
      return start + task.clients / 2 + 2 * task.settling + task.heartbeat + task.window;
    case "outage":
      return start + task.outages * (task.delay + 10);
    case "drain":
      return start + task.delay + task.messages / 50;
    case "import":
      return start / 2;
  }
}

/** Tells how much longer it takes: what is left by the estimates, at the pace so far. */
export class Forecast {
  readonly #total: number;
  #done = 0;

  constructor(steps: readonly Step[]) {
    this.#total = steps
      .flatMap(({ work, rounds }) =>
        [...rounds.values()].map((rounds) => rounds * estimate(work.task)),
      )
      .reduce((sum, each) => sum + each, 0);
  }

  /** A subject did that task. */
  add(task: Task): void {
    this.#done += estimate(task);
  }

  /** Milliseconds, after `elapsed` of them. */
  left(elapsed: number): number {
    const pace = this.#done === 0 ? 1 : elapsed / this.#done;
    return Math.max(0, this.#total - this.#done) * pace;
  }
}

/** How a person says it. */
export function inMinutes(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  return minutes === 0 ? "less than a minute" : `about ${minutes} min`;
}
