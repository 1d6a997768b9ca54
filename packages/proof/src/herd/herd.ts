import { seededRandom } from "@stream-tungstenite/core/testing";
import type { Random, RetryStrategy } from "@stream-tungstenite/retry";

/** Width of a bucket of arrivals, in milliseconds. */
export const bucketWidth = 100;

/** A crowd of clients that lose one server at the same moment. */
export interface Crowd {
  readonly clients: number;
  readonly strategy: RetryStrategy;
  /** Milliseconds from the loss until the server accepts again; what dials earlier is refused at once. */
  readonly outage: number;
  readonly seed: number;
  /** Milliseconds that a refusal asks for: the `Retry-After` of a proxy in front of the missing server. */
  readonly retryAfter?: ((random: Random) => number) | undefined;
  /** The waterfall hook of the same name. */
  readonly adjustDelay?:
    | ((delay: number, retry: { readonly attempt: number; readonly random: Random }) => number)
    | undefined;
}

/** When a crowd came back. */
export interface Arrivals {
  /** Clients that came in each 100 ms after the server's return; the last entry is the last that is not 0. */
  readonly buckets: readonly number[];
  /** The largest bucket. */
  readonly peak: number;
  /** Clients in the average bucket, until the last client is back. */
  readonly mean: number;
  /** Dials that were refused, of all clients together. */
  readonly refused: number;
}

/**
 * Plays the retries of a whole crowd: each client waits what its strategy, `adjustDelay` and `Retry-After` say, by
 * the order that the supervisor keeps, until it dials a server that is there again. No sockets and no clock: what is
 * looked at is the choice of delays.
 */
export function arrivals(crowd: Crowd): Arrivals {
  const random = seededRandom(crowd.seed);
  const buckets: number[] = [];
  let refused = 0;
  for (let client = 0; client < crowd.clients; client++) {
    const { at, attempts } = comeBack(crowd, random);
    refused += attempts - 1;
    const bucket = Math.floor((at - crowd.outage) / bucketWidth);
    while (buckets.length <= bucket) buckets.push(0);
    buckets[bucket]!++;
  }
  const peak = buckets.reduce((most, count) => Math.max(most, count), 0);
  return { buckets, peak, mean: crowd.clients / buckets.length, refused };
}

/** When one client is back, in milliseconds after the loss, and with which attempt. */
function comeBack(
  { strategy, outage, retryAfter, adjustDelay }: Crowd,
  random: Random,
): { readonly at: number; readonly attempts: number } {
  let at = 0;
  let previousDelay: number | null = null;
  let asked: number | null = null;
  for (let attempt = 1; ; attempt++) {
    const retry = {
      attempt,
      previousDelay,
      elapsed: at,
      uptime: 0,
      retryAfter: asked,
      cause: undefined,
      random,
    };
    const chosen = strategy.nextDelay(retry);
    if (chosen === null) throw new RangeError(`${strategy.name} gives up: nobody would come back`);
    const delay = adjustDelay?.(chosen, retry) ?? chosen;
    previousDelay = Math.max(delay, asked ?? 0);
    at += previousDelay;
    if (at >= outage) return { at, attempts: attempt };
    asked = retryAfter?.(random) ?? null;
  }
}
