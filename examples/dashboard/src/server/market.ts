import type { Random } from "@stream-tungstenite/retry";
import { symbols, type Trade } from "../protocol.ts";

/** Prices that walk at random; the same source of randomness gives the same walk. */
export interface Market {
  /** The trades of the next moment, about one for every second symbol. */
  tick(): readonly Trade[];
}

/** A market of all symbols. Prices are kept in cents: sums of fractions would drift. */
export function market(random: Random): Market {
  const cents = new Map<string, number>(
    symbols.map((symbol, index) => [symbol, 4_000 + 2_250 * index]),
  );
  const moved = (price: number): number => {
    const widest = Math.max(2, price / 800);
    // Reflected at the bottom: a price never gets to nothing.
    return Math.max(100, Math.round(price + (random() - 0.5) * 2 * widest));
  };
  return {
    tick: () =>
      [...cents]
        .filter(() => random() < 0.5)
        .map(([channel, price]) => {
          const next = moved(price);
          cents.set(channel, next);
          return { type: "trade", channel, price: next / 100 };
        }),
  };
}
