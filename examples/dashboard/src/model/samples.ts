/** What is measured now and then. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Messages received since the start, over all connections. */
  readonly received: number;
  /** Milliseconds; null when there is none. */
  readonly roundTrip: number | null;
  /** Messages in the send queue. */
  readonly queued: number;
}

/** Columns as a plot wants them, oldest first. `null` is a gap. */
export interface Columns {
  /** Milliseconds since the epoch. */
  readonly times: readonly number[];
  /** Messages per second. */
  readonly rates: readonly (number | null)[];
  /** Milliseconds. */
  readonly roundTrips: readonly (number | null)[];
  readonly depths: readonly number[];
}

/** The samples of the last `span` milliseconds. */
export class Samples {
  readonly #span: number;
  readonly #rows: Sample[] = [];

  constructor(span: number) {
    this.#span = span;
  }

  get last(): Sample | undefined {
    return this.#rows.at(-1);
  }

  /** Messages per second between the last two samples; null before there are two. */
  get rate(): number | null {
    return this.#rateAt(this.#rows.length - 1);
  }

  add(sample: Sample): void {
    this.#rows.push(sample);
    // One more than the span holds: a line that begins left of the plot has no gap there.
    while (this.#rows[1] !== undefined && this.#rows[1].at <= sample.at - this.#span) {
      this.#rows.shift();
    }
  }

  columns(): Columns {
    const rows = this.#rows;
    return {
      times: rows.map(({ at }) => at),
      rates: rows.map((_, index) => this.#rateAt(index)),
      roundTrips: rows.map(({ roundTrip }) => roundTrip),
      depths: rows.map(({ queued }) => queued),
    };
  }

  #rateAt(index: number): number | null {
    const before = this.#rows[index - 1];
    const here = this.#rows[index];
    if (before === undefined || here === undefined || here.at <= before.at) return null;
    return ((here.received - before.received) * 1_000) / (here.at - before.at);
  }
}
