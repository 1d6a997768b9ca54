import type { ExponentialBackoffOptions } from "./exponential-backoff.ts";

/** For low latency: from 100 ms by 1.5 up to 5 s. Spread it to change a part. */
export const fast: ExponentialBackoffOptions = /* @__PURE__ */ Object.freeze({
  initial: 100,
  max: 5_000,
  factor: 1.5,
});

/** The defaults of `exponentialBackoff`: from 1 s by 2 up to 60 s. */
export const standard: ExponentialBackoffOptions = /* @__PURE__ */ Object.freeze({
  initial: 1_000,
  max: 60_000,
  factor: 2,
});

/** For servers that are slow to recover: from 2 s by 2 up to 120 s. */
export const conservative: ExponentialBackoffOptions = /* @__PURE__ */ Object.freeze({
  initial: 2_000,
  max: 120_000,
  factor: 2,
});
