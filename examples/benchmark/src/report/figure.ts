import type { Spread } from "../statistics.ts";

/** What a figure is measured in, and how it is written. */
interface Unit {
  readonly name: string;
  readonly divide: number;
  /** More is better. */
  readonly ascending: boolean;
}

const units: Readonly<Record<string, Unit>> = {
  rate: { name: "messages/s", divide: 1, ascending: true },
  cpu: { name: "µs of CPU", divide: 1, ascending: false },
  p50: { name: "µs, p50", divide: 1, ascending: false },
  p99: { name: "µs, p99", divide: 1, ascending: false },
  p999: { name: "µs, p99.9", divide: 1, ascending: false },
  heap: { name: "bytes of heap, per client", divide: 1, ascending: false },
  external: { name: "bytes outside of the heap", divide: 1, ascending: false },
  rss: { name: "bytes resident, per client", divide: 1, ascending: false },
  resident: { name: "MiB resident in all", divide: 2 ** 20, ascending: false },
  peak: { name: "MiB at most", divide: 2 ** 20, ascending: false },
  import: { name: "ms", divide: 1, ascending: false },
  late: { name: "ms beyond the delay, median", divide: 1, ascending: false },
  latest: { name: "ms beyond the delay, worst", divide: 1, ascending: false },
  away: { name: "ms from loss to open", divide: 1, ascending: false },
  queued: { name: "ms to queue", divide: 1, ascending: false },
  drained: { name: "ms to drain", divide: 1, ascending: false },
  own: { name: "bytes a message, our files", divide: 1, ascending: false },
  all: { name: "bytes a message, all", divide: 1, ascending: false },
};

/** What a metric is measured in. */
export function unitOf(metric: string): string {
  return units[metric]?.name ?? metric;
}

/** A value in its unit: three significant digits, thousands apart. */
export function figure(metric: string, value: number): string {
  return plain(value / (units[metric]?.divide ?? 1));
}

/** Three significant digits. */
export function plain(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const rounded = Number(value.toPrecision(3));
  const digits = Math.abs(rounded) >= 100 || rounded === 0 ? 0 : Math.abs(rounded) >= 10 ? 1 : 2;
  return rounded.toLocaleString("en", {
    minimumFractionDigits: Number.isInteger(rounded) && rounded >= 100 ? 0 : digits,
    maximumFractionDigits: Math.max(digits, Math.abs(rounded) < 1 ? 3 : 0),
  });
}

/** The middle, and where the middle half of the rounds lies. */
export function withSpread({ median, low, high, count }: Spread): string {
  return count < 2 ? plain(median) : `${plain(median)} (${plain(low)} – ${plain(high)})`;
}
