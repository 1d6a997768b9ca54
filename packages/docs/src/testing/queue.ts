/** Values in order of arrival, asked for before or after they came. */
export class Queue<T> {
  readonly #values: T[] = [];
  readonly #takers: ((value: T) => void)[] = [];

  /** How many came and were not taken. */
  get length(): number {
    return this.#values.length;
  }

  put(value: T): void {
    const taker = this.#takers.shift();
    if (taker) taker(value);
    else this.#values.push(value);
  }

  take(): Promise<T> {
    return this.#values.length > 0
      ? Promise.resolve(this.#values.shift() as T)
      : new Promise((resolve) => this.#takers.push(resolve));
  }
}
