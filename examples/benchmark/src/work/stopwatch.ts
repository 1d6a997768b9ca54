import process from "node:process";
import { now } from "../clock.ts";
import { spread } from "../statistics.ts";
import type { Sample } from "../task.ts";
import type { Meter } from "./context.ts";

/** Messages a second, and microseconds of computing a message. */
interface Lap {
  readonly rate: number;
  readonly cpu: number;
}

/** Laps that have a middle. */
const enough = 5;

/**
 * Measures a span: wall time, and the time that the process spent computing. What a span with laps gives is
 * the median lap, which a machine that falters for a moment does not move.
 */
export class Stopwatch implements Meter {
  readonly #began = now();
  readonly #cpu = process.cpuUsage();
  readonly #laps: Lap[] = [];
  #lap: Stopwatch | undefined;

  /** Milliseconds. */
  read(): { readonly wall: number; readonly cpu: number } {
    const { user, system } = process.cpuUsage(this.#cpu);
    return { wall: now() - this.#began, cpu: (user + system) / 1_000 };
  }

  lap(messages: number): void {
    const current = this.#lap ?? this;
    this.#laps.push(current.#figures(messages));
    this.#lap = new Stopwatch();
  }

  end(messages: number): Sample {
    if (this.#laps.length < enough) return { ...this.#figures(messages) };
    return {
      rate: spread(this.#laps.map(({ rate }) => rate)).median,
      cpu: spread(this.#laps.map(({ cpu }) => cpu)).median,
    };
  }

  #figures(messages: number): Lap {
    const { wall, cpu } = this.read();
    return { rate: (messages / wall) * 1_000, cpu: (cpu / messages) * 1_000 };
  }
}
