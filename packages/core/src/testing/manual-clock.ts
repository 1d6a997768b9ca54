import type { Clock } from "../clock.ts";
import { TimerHeap, type Timer } from "./timer-heap.ts";

/** A clock that moves only when it is told: no real time passes, whatever is advanced. */
export interface ManualClock extends Clock {
  /** Timers armed and neither run nor cancelled: 0 proves that none was left behind. */
  readonly pending: number;
  /** When the next timer is due, milliseconds since the epoch; `null` without one. */
  readonly next: number | null;
  /**
   * Moves by so many milliseconds. Runs what is due in order of time, ties in order of scheduling, and
   * lets promises settle before, between and after the tasks, as `settle` does; what a task or a promise
   * schedules meanwhile runs too if it is due. Rejects with what a task throws; time then stands at that
   * task.
   *
   * @throws RangeError when `ms` is negative or not a number
   */
  advance(ms: number): Promise<void>;
  /** `advance` up to a time, milliseconds since the epoch; one that has passed only runs what is overdue. */
  advanceTo(time: number): Promise<void>;
  /** Like `advance` but synchronous: no promise settles between the tasks. */
  advanceSync(ms: number): void;
  /**
   * Moves the time and runs nothing, as when a laptop sleeps: timers that fell due meanwhile run late, at
   * the next `advance` (`advance(0)` is enough).
   */
  jump(ms: number): void;
  /**
   * Lets promises settle: waits for so many turns of the microtask queue as the option `turns` says, 64 by
   * default. That is enough for 64 `await` or `then` one after another, or for 20 `async` functions that
   * return each other's promise. No timer runs, no time passes.
   */
  settle(): Promise<void>;
}

/** Where a `manualClock` starts, and how patient it is. */
export interface ManualClockOptions {
  /** Where time starts, milliseconds since the epoch. @defaultValue 0 */
  readonly now?: number | undefined;
  /** Turns of the microtask queue given to promises before, between and after tasks. @defaultValue 64 */
  readonly turns?: number | undefined;
}

/** A clock for tests, moved by hand. */
export function manualClock(options?: ManualClockOptions): ManualClock {
  return new Manual(options?.now ?? 0, options?.turns ?? 64);
}

class Manual implements ManualClock {
  readonly #timers = new TimerHeap();
  readonly #turns: number;
  #now: number;
  #advancing = false;

  constructor(now: number, turns: number) {
    this.#now = now;
    this.#turns = turns;
  }

  get pending(): number {
    return this.#timers.size;
  }

  get next(): number | null {
    return this.#timers.first?.at ?? null;
  }

  now(): number {
    return this.#now;
  }

  schedule(delay: number, task: () => void): () => void {
    if (Number.isNaN(delay)) throw new RangeError("A timer's delay is NaN");
    const timer = this.#timers.add(this.#now + Math.max(0, delay), task);
    return () => this.#timers.remove(timer);
  }

  advance(ms: number): Promise<void> {
    return this.advanceTo(this.#after(ms));
  }

  async advanceTo(time: number): Promise<void> {
    // Two at once would run each other's timers, at times that neither expects.
    if (this.#advancing) throw new Error("The clock is advancing: await the call before this one");
    this.#advancing = true;
    try {
      await this.settle();
      for (let timer = this.#due(time); timer; timer = this.#due(time)) {
        this.#run(timer);
        await this.settle();
      }
      this.#now = Math.max(this.#now, time);
    } finally {
      this.#advancing = false;
    }
  }

  advanceSync(ms: number): void {
    const time = this.#after(ms);
    for (let timer = this.#due(time); timer; timer = this.#due(time)) this.#run(timer);
    this.#now = Math.max(this.#now, time);
  }

  jump(ms: number): void {
    this.#now = this.#after(ms);
  }

  async settle(): Promise<void> {
    const turn = Promise.resolve();
    for (let count = 0; count < this.#turns; count++) await turn;
  }

  #after(ms: number): number {
    if (!(ms >= 0)) throw new RangeError(`Time moves forward only, not by ${ms} ms`);
    return this.#now + ms;
  }

  #due(time: number): Timer | undefined {
    const timer = this.#timers.first;
    return timer && timer.at <= Math.max(time, this.#now) ? timer : undefined;
  }

  #run(timer: Timer): void {
    this.#timers.remove(timer);
    this.#now = Math.max(this.#now, timer.at);
    timer.task();
  }
}
