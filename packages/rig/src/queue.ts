/** Values in order of arrival, asked for before or after they came. */
export class Queue<T> {
  readonly #values: T[] = [];
  readonly #takers: { resolve: (value: T) => void; reject: (error: Error) => void }[] = [];
  #end: Error | undefined;

  /** How many came and were not taken. */
  get length(): number {
    return this.#values.length;
  }

  put(value: T): void {
    const taker = this.#takers.shift();
    if (taker) taker.resolve(value);
    else this.#values.push(value);
  }

  take(): Promise<T> {
    if (this.#values.length > 0) return Promise.resolve(this.#values.shift() as T);
    if (this.#end) return Promise.reject(this.#end);
    return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
  }

  /** Nothing more will come: whoever waits is told so. */
  end(error: Error): void {
    this.#end = error;
    for (const { reject } of this.#takers.splice(0)) reject(error);
  }
}
