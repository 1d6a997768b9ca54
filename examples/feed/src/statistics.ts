import type { Clock } from "./clock.ts";

/** A hole in the feed's numbering. */
export interface Gap {
  /** The first number that is missing. */
  readonly from: number;
  readonly to: number;
  /** It opened between two connections, not within one. */
  readonly reconnected: boolean;
}

/** Watches the feed's numbering. */
export class Numbering {
  #last: number | null = null;
  #connection = 0;
  #gaps = 0;
  #missed = 0;
  #withinConnection = 0;

  /** Gaps seen. */
  get gaps(): number {
    return this.#gaps;
  }
  /** Messages in all gaps. */
  get missed(): number {
    return this.#missed;
  }
  /** Gaps, repetitions and steps back that no loss of the connection explains. */
  get withinConnection(): number {
    return this.#withinConnection;
  }

  /** Takes the next number; answers with the gap before it, if there is one. */
  take(sequence: number, connection: number): Gap | undefined {
    const expected = this.#last === null ? sequence : this.#last + 1;
    const reconnected = connection !== this.#connection;
    this.#last = sequence;
    this.#connection = connection;
    if (sequence === expected) return undefined;
    if (!reconnected) this.#withinConnection++;
    if (sequence < expected) return undefined;
    this.#gaps++;
    this.#missed += sequence - expected;
    return { from: expected, to: sequence - 1, reconnected };
  }
}

/** Measures how long the client was without a connection. */
export class Outages {
  readonly #clock: Clock;
  #since: number | null = null;
  #longest = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds, one that still lasts included. */
  get longest(): number {
    return this.#since === null
      ? this.#longest
      : Math.max(this.#longest, this.#clock.now() - this.#since);
  }

  begin(): void {
    this.#since ??= this.#clock.now();
  }

  /** Answers with the milliseconds it lasted; `null` if there was none. */
  end(): number | null {
    if (this.#since === null) return null;
    const lasted = this.#clock.now() - this.#since;
    this.#since = null;
    this.#longest = Math.max(this.#longest, lasted);
    return lasted;
  }
}

/** Counts over the last second, in slices of a tenth. */
export class Rate {
  readonly #clock: Clock;
  readonly #slices: number[] = Array.from({ length: 10 }, () => 0);
  #slice: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#slice = this.#now();
  }

  get perSecond(): number {
    this.#advance();
    return this.#slices.reduce((sum, count) => sum + count, 0);
  }

  count(): void {
    this.#advance();
    const at = this.#slice % this.#slices.length;
    this.#slices[at] = (this.#slices[at] ?? 0) + 1;
  }

  #advance(): void {
    const now = this.#now();
    const stale = Math.min(now - this.#slice, this.#slices.length);
    for (let i = 0; i < stale; i++) this.#slices[(now - i) % this.#slices.length] = 0;
    this.#slice = now;
  }

  #now(): number {
    return Math.floor(this.#clock.now() / 100);
  }
}
