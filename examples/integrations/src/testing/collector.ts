/** Keeps what arrives, for tests that wait for one of it. */
export class Collector<T> {
  readonly items: T[] = [];
  readonly #waiting = new Set<() => void>();

  readonly add = (item: T): void => {
    this.items.push(item);
    for (const look of this.#waiting) look();
  };

  /** The first item that matches, among those that are here or still to come. */
  first(match: (item: T) => boolean): Promise<T> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.items.find(match);
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }

  clear(): void {
    this.items.length = 0;
  }
}
