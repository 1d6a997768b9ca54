/** A float in [0, 1). */
export type Random = () => number;

/**
 * A repeatable source of random numbers: the same seed gives the same series, on every machine.
 *
 * For tests and simulations; it is no source of secrets. Consecutive seeds give unrelated series, so one
 * seed a client spreads a fleet well.
 *
 * @param seed - Any finite number; negative numbers and fractions count in full.
 */
export function seededRandom(seed: number): Random {
  // FNV-1a over the decimal digits: unlike a cast to 32 bits it keeps sign, fraction and magnitude.
  let state = 0x811c9dc5;
  for (const digit of String(seed)) state = Math.imul(state ^ digit.charCodeAt(0), 0x01000193);
  return () => {
    // A Weyl sequence through a mixer: without the mixer neighbouring states would give close numbers.
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
