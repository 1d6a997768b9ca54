/** First and last number of a run without holes, both included. */
export type Range = readonly [first: number, last: number];

/** A set of whole numbers, kept as ordered runs: an hour of orders is a handful of pairs. */
export class RangeSet {
  readonly #runs: [number, number][] = [];

  static of(numbers: Iterable<number>): RangeSet {
    const set = new RangeSet();
    for (const number of numbers) set.add(number);
    return set;
  }

  get ranges(): readonly Range[] {
    return this.#runs;
  }

  has(number: number): boolean {
    const run = this.#runs[this.#runAtOrBefore(number)];
    return run !== undefined && number <= run[1];
  }

  /** False when it was there already. */
  add(number: number): boolean {
    const at = this.#runAtOrBefore(number);
    const before = this.#runs[at];
    if (before !== undefined && number <= before[1]) return false;
    const after = this.#runs[at + 1];
    const joinsBefore = before !== undefined && before[1] === number - 1;
    const joinsAfter = after !== undefined && after[0] === number + 1;
    if (joinsBefore && joinsAfter) {
      before[1] = after[1];
      this.#runs.splice(at + 1, 1);
    } else if (joinsBefore) before[1] = number;
    else if (joinsAfter) after[0] = number;
    else this.#runs.splice(at + 1, 0, [number, number]);
    return true;
  }

  /** Index of the last run that begins at or before the number, -1 if none does. Numbers mostly arrive in order, so it looks from the end. */
  #runAtOrBefore(number: number): number {
    let at = this.#runs.length - 1;
    while (at >= 0 && (this.#runs[at]?.[0] ?? 0) > number) at--;
    return at;
  }
}

/** The numbers as runs: `41–43, 45`. */
export function spellRanges(numbers: Iterable<number>): string {
  return RangeSet.of(numbers)
    .ranges.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`))
    .join(", ");
}
