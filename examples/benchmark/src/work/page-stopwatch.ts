import { now } from "../clock.ts";
import { spread } from "../statistics.ts";
import type { Sample } from "../task.ts";
import type { Meter } from "./context.ts";

/** A stopwatch for browsers, which tell no CPU time. */
export class PageStopwatch implements Meter {
  readonly #began = now();
  readonly #laps: number[] = [];
  #lapBegan: number = this.#began;

  lap(messages: number): void {
    this.#laps.push((messages / (now() - this.#lapBegan)) * 1_000);
    this.#lapBegan = now();
  }

  end(messages: number): Sample {
    const whole = (messages / (now() - this.#began)) * 1_000;
    return { rate: this.#laps.length < 5 ? whole : spread(this.#laps).median };
  }
}
