import { expect, it } from "vitest";
import { Prices, sparkline } from "./prices.ts";

it("keeps the last prices of each symbol and how far they went", () => {
  const prices = new Prices(3);
  for (const price of [90, 100, 104, 110]) prices.add({ type: "trade", channel: "ALPHA", price });
  prices.add({ type: "trade", channel: "BRAVO", price: 5 });
  expect(prices.of("ALPHA")).toEqual({ trail: [100, 104, 110], last: 110, change: 0.1 });
  expect(prices.of("BRAVO")?.change).toBe(0);
  expect(prices.of("CHARLIE")).toBeUndefined();
});

it("draws a trail from left to right, the highest price on top", () => {
  expect(sparkline([10, 20, 15], 100, 20)).toBe("0.0,20.0 50.0,0.0 100.0,10.0");
});

it("draws a flat or short trail in the middle", () => {
  expect(sparkline([7, 7], 100, 20)).toBe("0.0,10.0 100.0,10.0");
  expect(sparkline([7], 100, 20)).toBe("0.0,10.0");
});
