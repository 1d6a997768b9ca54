/** The value below which the share `q` of sorted values lies, interpolated; NaN of none. */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** Where the middle of some values lies, and how far they spread. */
export interface Spread {
  readonly median: number;
  /** First and third quartile. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Of values in any order. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    count: sorted.length,
  };
}

/**
 * `values` over `bases`, pair by pair: both were measured one after the other, so that what slowed the
 * machine at that time slowed both. A pair of which one is missing or 0 is left out.
 */
export function ratios(values: readonly number[], bases: readonly number[]): number[] {
  return values
    .slice(0, bases.length)
    .map((value, i) => value / bases[i]!)
    .filter((ratio) => Number.isFinite(ratio));
}

/** `values` less `bases`, pair by pair. */
export function differences(values: readonly number[], bases: readonly number[]): number[] {
  return values.slice(0, bases.length).map((value, i) => value - bases[i]!);
}

/** The order of a round: forwards, then backwards, so that being first favours nobody. */
export function turns<T>(subjects: readonly T[], round: number): readonly T[] {
  return round % 2 === 0 ? subjects : subjects.toReversed();
}
