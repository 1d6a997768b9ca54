import type { Area } from "./row.ts";

export const retrying: Area = {
  title: "Retrying",
  rows: [
    {
      number: 37,
      feature: "Retry strategy of one's own",
      crate: "`RetryStrategy`, given error and attempt",
      ours: "`{ name, nextDelay({ attempt, cause, … }) }`",
      verdict: "same",
      difference: "Also elapsed time, uptime, the delay before, and a source of randomness.",
    },
    {
      number: 38,
      feature: "Exponential backoff",
      crate: "`exponential_backoff(initial, max, factor)`",
      ours: "`exponentialBackoff({ initial, max, factor })`",
      verdict: "same",
      difference: "Delays never overflow.",
    },
    {
      number: 39,
      feature: "Jitter",
      crate: "a fraction",
      ours: '`jitter: "full" | "equal" | "decorrelated" | "none"` or a fraction',
      verdict: "more",
      difference:
        "Full jitter by default, so a delay may be near 0. The spread stays at the cap; the crate cuts it off there.",
    },
    {
      number: 40,
      feature: "Seeded jitter",
      crate: "a seed",
      ours: "`random: seededRandom(seed)`",
      verdict: "same",
      difference: "An option of the client: every chance of it comes from there.",
    },
    {
      number: 41,
      feature: "Most attempts",
      crate: "`with_max_attempts`",
      ours: "`maxAttempts`, `limitAttempts`, `limitElapsed`",
      verdict: "more",
      difference:
        "Retries are counted, not the first dial; also a limit on the length of the outage. Then it is a `RetriesExhaustedError`.",
    },
    {
      number: 42,
      feature: "Presets",
      crate: "`ExponentialBackoff::fast()`, `standard()`, `conservative()`",
      ours: "`exponentialBackoff(fast)`, `standard`, `conservative`",
      verdict: "same",
      difference: "Options to spread, with the same figures.",
    },
    {
      number: 43,
      feature: "Fixed delay",
      crate: "`FixedDelay::new(duration)`",
      ours: "`fixedDelay(delay)`, `schedule(delays)`",
      verdict: "same",
    },
    {
      number: 44,
      feature: "No retry",
      crate: "`no_retry()`",
      ours: "`noRetry()`",
      verdict: "same",
    },
    {
      number: 45,
      feature: "Reset after success",
      crate: "on every open connection",
      ours: "`stableAfter`",
      verdict: "more",
      difference:
        "Only after the connection has lasted: a server that accepts and drops does not get a fresh backoff each time.",
    },
  ],
};
