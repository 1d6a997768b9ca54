import type { ExponentialBackoffOptions } from "@stream-tungstenite/retry";

/** How the clients of these trials come back: full jitter from 100 ms to 1 s. */
export const quick: ExponentialBackoffOptions = { initial: 100, max: 1_000 };
