/** Keeps all that happens, for tests that wait for one of it. */
export class Collector<T> {
  readonly items: T[] = [];
  readonly #waiting = new Set<() => void>();

  readonly add = (item: T): void => {
    this.items.push(item);
    for (const look of this.#waiting) look();
  };

  /** The first item at or after index `from` that matches, among those that are here or still to come. */
  first<S extends T>(match: (item: T) => item is S, from?: number): Promise<S>;
  first(match: (item: T) => boolean, from?: number): Promise<T>;
  first(match: (item: T) => boolean, from = 0): Promise<T> {
    return new Promise((resolve) => {
      let next = from;
      const look = (): void => {
        for (; next < this.items.length; next++) {
          const item = this.items[next] as T;
          if (!match(item)) continue;
          this.#waiting.delete(look);
          resolve(item);
          return;
        }
      };
      this.#waiting.add(look);
      look();
    });
  }
}
