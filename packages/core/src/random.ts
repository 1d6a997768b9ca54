import type { Random } from "@stream-tungstenite/retry";

/** The platform's random numbers; what they decide (jitter) needs no cryptography. */
export const systemRandom: Random = () => Math.random();
