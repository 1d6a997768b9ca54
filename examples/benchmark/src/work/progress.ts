import { now } from "../clock.ts";
import type { Extent, Sample } from "../task.ts";
import type { Context, Meter } from "./context.ts";

/**
 * Milliseconds of a lap, at least. Long enough to hold some collections of garbage, short enough that a
 * machine that falters for a moment spoils few of them.
 */
const lap = 60;

/** Follows how many messages went by: when the measurement begins, where its laps end, and when it is over. */
export class Progress {
  /** How many messages have to go by until `reach` is called again. */
  next: number;
  readonly #extent: Extent;
  readonly #start: Context["start"];
  #began: number | undefined;
  #meter: Meter | undefined;
  #measuredFrom = 0;
  #lapFrom = 0;
  #lapBegan = 0;

  constructor(extent: Extent, start: Context["start"]) {
    this.#extent = extent;
    this.#start = start;
    this.next = "step" in extent ? extent.step : extent.warmUp;
  }

  /** `next` messages have gone by. Gives the figures when that is enough. */
  reach(): Sample | undefined {
    const extent = this.#extent;
    const seen = this.next;
    if ("step" in extent) {
      this.next += extent.step;
      return this.#meter === undefined
        ? this.#warmUp(seen, extent.warmUp)
        : this.#advance(this.#meter, seen, extent.span);
    }
    if (this.#meter !== undefined) return this.#end(this.#meter, extent.messages);
    this.next += extent.messages;
    this.#meter = this.#start();
    return undefined;
  }

  #warmUp(seen: number, warmUp: number): undefined {
    this.#began ??= now();
    if (now() - this.#began < warmUp) return;
    this.#meter = this.#start();
    this.#measuredFrom = this.#lapFrom = seen;
    this.#began = this.#lapBegan = now();
  }

  #advance(meter: Meter, seen: number, span: number): Sample | undefined {
    const at = now();
    if (at - this.#lapBegan >= lap) {
      meter.lap(seen - this.#lapFrom);
      this.#lapFrom = seen;
      this.#lapBegan = at;
    }
    return at - this.#began! < span ? undefined : this.#end(meter, seen - this.#measuredFrom);
  }

  #end(meter: Meter, messages: number): Sample {
    // What is still under way counts for nothing.
    this.next = Infinity;
    return meter.end(messages);
  }
}
