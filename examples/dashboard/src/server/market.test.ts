import { seededRandom } from "@stream-tungstenite/retry";
import { expect, it } from "vitest";
import { symbols } from "../protocol.ts";
import { market } from "./market.ts";

it("trades every symbol now and then, at prices of whole cents above nothing", () => {
  const exchange = market(seededRandom(1));
  const trades = Array.from({ length: 2_000 }, () => exchange.tick()).flat();
  expect(new Set(trades.map(({ channel }) => channel))).toEqual(new Set(symbols));
  for (const { price } of trades) {
    expect(price).toBeGreaterThanOrEqual(1);
    expect(Math.round(price * 100) / 100).toBe(price);
  }
});

it("walks the same way with the same source of randomness", () => {
  const walk = (seed: number) => {
    const exchange = market(seededRandom(seed));
    return Array.from({ length: 50 }, () => exchange.tick());
  };
  expect(walk(3)).toEqual(walk(3));
  expect(walk(3)).not.toEqual(walk(4));
});
