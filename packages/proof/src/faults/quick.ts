import type { ExponentialBackoffOptions } from "@stream-tungstenite/retry";

/** How the clients of these trials come back: full jitter from 100 ms up to 500 ms. */
export const quick: ExponentialBackoffOptions = { initial: 100, max: 500 };
