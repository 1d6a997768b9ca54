import { seededRandom } from "@stream-tungstenite/retry";
import { expect, test } from "vitest";
import { decodeServerMessage, encode } from "../protocol.ts";
import { market, symbols } from "./market.ts";

const ticks = (seed: number, count: number) => {
  const ticker = market(seededRandom(seed));
  return Array.from({ length: count }, () => ticker.tick()).flat();
};

test("the same seed gives the same market, another seed another one", () => {
  expect(ticks(1, 50)).toEqual(ticks(1, 50));
  expect(ticks(2, 50)).not.toEqual(ticks(1, 50));
});

test("messages are numbered without a hole, over all kinds and symbols", () => {
  expect(ticks(1, 50).map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 500 }, (_, index) => index + 1),
  );
});

test("every symbol is traded and has a book", () => {
  for (const type of ["trade", "book"]) {
    const seen = new Set(
      ticks(1, 50)
        .filter((each) => each.type === type)
        .map(({ symbol }) => symbol),
    );
    expect(seen).toEqual(new Set(symbols));
  }
});

test("every message is one of the protocol", () => {
  for (const message of ticks(3, 20)) expect(decodeServerMessage(encode(message))).toEqual(message);
});

test("a book's best prices come first, and bids stay below asks", () => {
  for (const message of ticks(1, 500)) {
    if (message.type !== "book") continue;
    const bids = message.bids.map(([price]) => price);
    const asks = message.asks.map(([price]) => price);
    expect(bids).toEqual(bids.toSorted((a, b) => b - a));
    expect(asks).toEqual(asks.toSorted((a, b) => a - b));
    expect(bids[0]).toBeLessThan(asks[0] as number);
  }
});

test("no price falls to nothing, however long and low the walk", () => {
  const ticker = market(() => 0);
  const messages = Array.from({ length: 2_000 }, () => ticker.tick()).flat();
  const prices = messages.flatMap((message) => (message.type === "trade" ? [message.price] : []));
  expect(Math.min(...prices)).toBe(1);
});
