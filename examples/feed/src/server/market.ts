import type { Random } from "@stream-tungstenite/retry";
import type { Book, FeedMessage, Level, Trade } from "../protocol.ts";

/** Milliseconds between two ticks. */
export const tickInterval = 20;
const tradesPerTick = 8;
const booksPerTick = 2;
const levels = 5;

const openingPrices: Readonly<Record<string, number>> = {
  ALPHA: 101.5,
  BRAVO: 48.25,
  CHARLIE: 250,
  DELTA: 12.75,
  ECHO: 75.1,
};
/** What is traded. */
export const symbols: readonly string[] = Object.keys(openingPrices);

/** A market of several symbols whose prices walk at random; the same source of randomness gives the same walk. */
export interface Market {
  /** Ticks made so far. */
  readonly ticks: number;
  /** Makes the next tick: some trades, then some order books. */
  tick(): readonly FeedMessage[];
}

/** A market at its opening. Prices are kept in cents: sums of fractions would drift. */
export function market(random: Random): Market {
  const cents = new Map(
    symbols.map((symbol) => [symbol, Math.round((openingPrices[symbol] ?? 1) * 100)]),
  );
  let ticks = 0;
  let sequence = 0;

  const upTo = (limit: number): number => Math.floor(random() * limit);
  const trade = (): Trade => {
    const symbol = symbols[upTo(symbols.length)] as string;
    const step = upTo(11) - 5;
    // Reflected at the bottom: a price stays above the widest book.
    const price = Math.max(100, (cents.get(symbol) ?? 0) + step);
    cents.set(symbol, price);
    const side = random() < 0.5 ? "buy" : "sell";
    return {
      type: "trade",
      sequence: ++sequence,
      symbol,
      side,
      quantity: 1 + upTo(500),
      price: price / 100,
    };
  };
  const book = (symbol: string): Book => {
    const middle = cents.get(symbol) ?? 0;
    const side = (direction: number): Level[] =>
      Array.from({ length: levels }, (_, depth) => [
        (middle + direction * (depth + 1)) / 100,
        1 + upTo(2_000),
      ]);
    return { type: "book", sequence: ++sequence, symbol, bids: side(-1), asks: side(1) };
  };

  return {
    get ticks() {
      return ticks;
    },
    tick() {
      const messages: FeedMessage[] = [];
      for (let i = 0; i < tradesPerTick; i++) messages.push(trade());
      for (let i = 0; i < booksPerTick; i++) {
        messages.push(book(symbols[(ticks * booksPerTick + i) % symbols.length] as string));
      }
      ticks++;
      return messages;
    },
  };
}
