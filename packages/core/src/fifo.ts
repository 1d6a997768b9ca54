/**
 * A queue on an array whose front is left behind and cut off now and then, so that taking the first item
 * does not move all others.
 *
 * ```text
 *   items  [   ][   ][ a ][ b ][ c ]     length 3
 *                     ▲
 *                     head
 * ```
 */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Puts an item before all others. */
  unshift(item: T): void {
    if (this.#head > 0) this.#items[--this.#head] = item;
    else this.#items.unshift(item);
  }

  peek(): T | undefined {
    return this.#items[this.#head];
  }

  shift(): T | undefined {
    const items = this.#items;
    const item = items[this.#head];
    if (this.length > 0) items[this.#head++] = undefined;
    // Not for the first few: a queue that is nearly empty all the time needs no new array all the time.
    if (this.#head > 31 && this.#head * 2 > items.length) this.#items = this.clear();
    return item;
  }

  /** Removes and returns, in order, what `gone` picks. */
  remove(gone: (item: T) => boolean): T[] {
    const removed: T[] = [];
    const kept: T[] = [];
    for (const item of this.clear()) (gone(item) ? removed : kept).push(item);
    this.#items = kept;
    return removed;
  }

  /** Removes and returns all, in order. */
  clear(): T[] {
    const items = this.#items.slice(this.#head) as T[];
    this.#items = [];
    this.#head = 0;
    return items;
  }
}
