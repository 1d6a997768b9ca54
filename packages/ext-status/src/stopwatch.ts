/** Adds up how long something was the case. Milliseconds. */
export class Stopwatch {
  #total = 0;
  #since: number | null = null;

  /** Goes on, or stands still, from `now` on. */
  run(isRunning: boolean, now: number): void {
    this.#total = this.read(now);
    this.#since = isRunning ? now : null;
  }

  read(now: number): number {
    // A clock that is set back must not take anything away.
    return this.#total + (this.#since === null ? 0 : Math.max(0, now - this.#since));
  }

  reset(): void {
    this.#total = 0;
    this.#since = null;
  }
}
