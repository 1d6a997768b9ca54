import type { Trade } from "../protocol.ts";

/** The prices of one symbol. */
export interface PriceTrail {
  /** The last prices, oldest first. */
  readonly trail: readonly number[];
  readonly last: number;
  /** Against the oldest price of the trail, as a fraction. */
  readonly change: number;
}

/** The last so many prices of each symbol. */
export class Prices {
  readonly #limit: number;
  readonly #trails = new Map<string, number[]>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add({ channel, price }: Trade): void {
    const trail = this.#trails.get(channel) ?? [];
    this.#trails.set(channel, trail);
    trail.push(price);
    if (trail.length > this.#limit) trail.shift();
  }

  of(channel: string): PriceTrail | undefined {
    const trail = this.#trails.get(channel);
    if (trail === undefined) return undefined;
    const first = trail[0]!;
    const last = trail.at(-1)!;
    return { trail, last, change: (last - first) / first };
  }
}

/** A trail as the points of an SVG polyline in a box of this size. */
export function sparkline(trail: readonly number[], width: number, height: number): string {
  const least = Math.min(...trail);
  const range = Math.max(...trail) - least;
  return trail
    .map((price, index) => {
      const x = trail.length < 2 ? 0 : (index / (trail.length - 1)) * width;
      const y = range === 0 ? height / 2 : height - ((price - least) / range) * height;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}
