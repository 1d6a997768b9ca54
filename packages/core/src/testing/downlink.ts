/** A call of the listener. */
export type Delivery = () => void;

/**
 * What is on its way to the client, in order:
 *
 * ```text
 *  deliver ─► at once, unless something is before it or the client is in a callback ─┐
 *  post ────► in a later microtask ──────────────────────────────────────────────────┼─► listener
 *  cut ─────► in a later microtask, instead of all that still waits ─────────────────┘
 * ```
 *
 * While paused, `deliver` and `post` wait; `cut` does not.
 */
export class Downlink {
  #queue: Delivery[] = [];
  #paused = false;
  #delivering = false;
  #scheduled = false;
  #ended = false;

  get paused(): boolean {
    return this.#paused;
  }

  deliver(delivery: Delivery): void {
    if (this.#delivering || this.#paused || this.#queue.length > 0) this.post(delivery);
    else this.#run(delivery);
  }

  post(delivery: Delivery): void {
    this.#queue.push(delivery);
    this.#schedule();
  }

  /** For what is no frame, so that pausing does not hold it: at once, or after the callback that runs. */
  signal(delivery: Delivery): void {
    if (this.#delivering) queueMicrotask(() => this.signal(delivery));
    else if (!this.#ended) this.#run(delivery);
  }

  /** The caller sees to it that nothing is delivered or posted afterwards. */
  cut(last: Delivery): void {
    this.end();
    queueMicrotask(last);
  }

  /** What still waits is dropped. */
  end(): void {
    this.#ended = true;
    this.#queue = [];
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#paused || this.#queue.length === 0) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const queue = this.#queue;
    let done = 0;
    try {
      // A delivery may pause, or cut: then `#queue` is another array.
      while (!this.#paused && queue === this.#queue && done < queue.length) {
        this.#run(queue[done++]!);
      }
    } finally {
      queue.splice(0, done);
      this.#schedule();
    }
  }

  #run(delivery: Delivery): void {
    this.#delivering = true;
    try {
      delivery();
    } finally {
      this.#delivering = false;
    }
  }
}
