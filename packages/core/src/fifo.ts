/**
 * A queue on a ring of slots. Nothing is allocated before the first item, and a ring that grew large is
 * given back when the queue is empty.
 *
 * ```text
 *   slots  [ d ][ e ][   ][   ][ a ][ b ][ c ]     length 5
 *                ▲              ▲
 *                last           head
 * ```
 */
export class Fifo<T> {
  #slots: (T | undefined)[] = noSlots;
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#length === this.#slots.length) this.#grow();
    this.#slots[(this.#head + this.#length++) & (this.#slots.length - 1)] = item;
  }

  /** Puts an item before all others. */
  unshift(item: T): void {
    if (this.#length === this.#slots.length) this.#grow();
    this.#head = (this.#head - 1) & (this.#slots.length - 1);
    this.#slots[this.#head] = item;
    this.#length++;
  }

  peek(): T | undefined {
    return this.#slots[this.#head];
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#slots[this.#head];
    this.#slots[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#slots.length - 1);
    if (--this.#length === 0 && this.#slots.length > 1024) this.#slots = noSlots;
    return item;
  }

  /** Removes and returns, in order, what `gone` picks. */
  remove(gone: (item: T) => boolean): T[] {
    const removed: T[] = [];
    for (let n = this.#length; n > 0; n--) {
      const item = this.shift() as T;
      if (gone(item)) removed.push(item);
      else this.push(item);
    }
    return removed;
  }

  /** Removes and returns all, in order. */
  clear(): T[] {
    return this.remove(() => true);
  }

  #grow(): void {
    const old = this.#slots;
    const slots: (T | undefined)[] = new Array(Math.max(16, old.length * 2)).fill(undefined);
    for (let i = 0; i < this.#length; i++) slots[i] = old[(this.#head + i) & (old.length - 1)];
    this.#slots = slots;
    this.#head = 0;
  }
}

const noSlots: never[] = [];
