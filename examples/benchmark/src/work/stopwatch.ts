import process from "node:process";
import { now } from "../clock.ts";
import type { Sample } from "../task.ts";
import type { Meter } from "./context.ts";

/** Measures a span: wall time, and the time that the process spent computing. */
export class Stopwatch implements Meter {
  readonly #began = now();
  readonly #cpu = process.cpuUsage();

  /** Milliseconds. */
  read(): { readonly wall: number; readonly cpu: number } {
    const { user, system } = process.cpuUsage(this.#cpu);
    return { wall: now() - this.#began, cpu: (user + system) / 1_000 };
  }

  /** Messages a second, and microseconds of computing a message. */
  end(messages: number): Sample {
    const { wall, cpu } = this.read();
    return { rate: (messages / wall) * 1_000, cpu: (cpu / messages) * 1_000 };
  }
}
