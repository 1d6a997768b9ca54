import type { ExponentialBackoffOptions } from "./exponential-backoff.ts";

function preset(initial: number, max: number, factor: number): ExponentialBackoffOptions {
  return Object.freeze({ initial, max, factor });
}

/** For low latency: from 100 ms by 1.5 up to 5 s. Spread it to change a part. */
export const fast: ExponentialBackoffOptions = /* @__PURE__ */ preset(100, 5_000, 1.5);

/** The defaults of `exponentialBackoff`: from 1 s by 2 up to 60 s. */
export const standard: ExponentialBackoffOptions = /* @__PURE__ */ preset(1_000, 60_000, 2);

/** For servers that are slow to recover: from 2 s by 2 up to 120 s. */
export const conservative: ExponentialBackoffOptions = /* @__PURE__ */ preset(2_000, 120_000, 2);
