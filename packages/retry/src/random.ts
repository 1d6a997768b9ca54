import { check, number } from "./rules.ts";

/** A float in [0, 1). */
export type Random = () => number;

/**
 * A repeatable source of random numbers: the same seed gives the same series, on every machine.
 *
 * For tests and simulations; it is no source of secrets. Consecutive seeds give unrelated series, so one
 * seed a client spreads a fleet well.
 *
 * @param seed - Any finite number; negative numbers and fractions count in full.
 * @throws RetryOptionsError if it is not finite.
 */
export function seededRandom(seed: number): Random {
  check(number("seed", seed, -Number.MAX_VALUE));
  // Multiplied, so that fractions count as well; by another step than below, or consecutive seeds would
  // give one series, shifted.
  let state = seed * 0x9e3779b1;
  return () => {
    // A Weyl sequence through a mixer: without the mixer neighbouring states would give close numbers.
    state = (state + step) | 0;
    const half = Math.imul(state ^ (state >>> 15), step);
    return (Math.imul(half ^ (half >>> 15), step) >>> 0) / 2 ** 32;
  };
}

/** Odd, so that neither adding nor multiplying ever repeats early; its bits are well mixed. */
const step = 0x21f0aaad;
