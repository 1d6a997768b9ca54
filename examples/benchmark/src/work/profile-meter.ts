import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import type { Sample } from "../task.ts";
import type { Meter } from "./context.ts";
import { Stopwatch } from "./stopwatch.ts";

/** Microseconds between two samples. */
const interval = 200;

/** A stopwatch that also writes a CPU profile of its span, and of nothing else, to a file. */
export class ProfileMeter implements Meter {
  readonly #file: string;
  readonly #session = new Session();
  readonly #stopwatch: Stopwatch;

  // A session to its own thread answers before `post` returns.
  constructor(file: string) {
    this.#file = file;
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.setSamplingInterval", { interval });
    this.#session.post("Profiler.start");
    this.#stopwatch = new Stopwatch();
  }

  lap(messages: number): void {
    this.#stopwatch.lap(messages);
  }

  end(messages: number): Sample {
    const sample = this.#stopwatch.end(messages);
    this.#session.post("Profiler.stop", (_, { profile }) => {
      writeFileSync(this.#file, JSON.stringify(profile));
    });
    this.#session.disconnect();
    return sample;
  }
}
