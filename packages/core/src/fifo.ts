/**
 * A queue on an array whose front is left behind and cut off now and then, so that taking the first item
 * does not move all others.
 *
 * ```text
 *   items  [   ][   ][ a ][ b ][ c ]     length 3
 *                     ▲
 *                     head
 * ```
 *
 * While it is empty it holds no array of its own: a client has several of these, and most clients are idle.
 */
export class Fifo<T> {
  #items: (T | undefined)[] = nothing;
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    if (this.length > 0) this.#items.push(item);
    else this.#items = [item];
  }

  /** Puts an item before all others. */
  unshift(item: T): void {
    if (this.#head > 0) this.#items[--this.#head] = item;
    else if (this.length > 0) this.#items.unshift(item);
    else this.#items = [item];
  }

  peek(): T | undefined {
    return this.#items[this.#head];
  }

  shift(): T | undefined {
    const items = this.#items;
    const item = items[this.#head];
    if (this.length > 0) items[this.#head++] = undefined;
    if (this.length === 0) {
      this.#items = nothing;
      this.#head = 0;
      // Not for the first few: they are not worth a new array.
    } else if (this.#head > 31 && this.#head * 2 > items.length) {
      this.#items = items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Removes and returns, in order, what `gone` picks. */
  remove(gone: (item: T) => boolean): T[] {
    const removed: T[] = [];
    const kept: T[] = [];
    for (const item of this.clear()) (gone(item) ? removed : kept).push(item);
    if (kept.length > 0) this.#items = kept;
    return removed;
  }

  /** Removes and returns all, in order. */
  clear(): T[] {
    const items = this.#items.slice(this.#head) as T[];
    this.#items = nothing;
    this.#head = 0;
    return items;
  }
}

/** The items of every queue that is empty; nobody writes to it. */
const nothing: never[] = [];
