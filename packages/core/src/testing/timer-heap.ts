export interface Timer {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
  /** Its place in the heap; -1 when it is not in there. */
  index: number;
}

/**
 * Timers in a binary heap, the next one first, ties in order of adding. Every timer knows its place, so
 * cancelling costs as little as adding and leaves nothing behind.
 */
export class TimerHeap {
  readonly #heap: Timer[] = [];
  #added = 0;

  get size(): number {
    return this.#heap.length;
  }

  get first(): Timer | undefined {
    return this.#heap[0];
  }

  add(at: number, task: () => void): Timer {
    const timer: Timer = { at, order: this.#added++, task, index: this.#heap.length };
    this.#heap.push(timer);
    this.#rise(timer);
    return timer;
  }

  /** Does nothing to a timer that is not in the heap. */
  remove(timer: Timer): void {
    const { index } = timer;
    if (index < 0) return;
    timer.index = -1;
    const last = this.#heap.pop()!;
    if (last === timer) return;
    this.#put(last, index);
    this.#sink(last);
    this.#rise(last);
  }

  #put(timer: Timer, index: number): void {
    this.#heap[index] = timer;
    timer.index = index;
  }

  #rise(timer: Timer): void {
    while (timer.index > 0) {
      const { index } = timer;
      const parent = this.#heap[(index - 1) >> 1]!;
      if (!before(timer, parent)) return;
      this.#put(timer, parent.index);
      this.#put(parent, index);
    }
  }

  #sink(timer: Timer): void {
    for (;;) {
      const { index } = timer;
      const left = this.#heap[2 * index + 1];
      const right = this.#heap[2 * index + 2];
      const child = left && right && before(right, left) ? right : left;
      if (!child || !before(child, timer)) return;
      this.#put(timer, child.index);
      this.#put(child, index);
    }
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
