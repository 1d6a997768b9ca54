import { QueueFullError, type Sendable } from "@stream-tungstenite/core";
import { manualClock } from "@stream-tungstenite/core/testing";
import { seededRandom } from "@stream-tungstenite/retry";
import { expect, test } from "vitest";
import { decodeClientMessage } from "../protocol.ts";
import { OrderLedger } from "./ledger.ts";
import { orderNumber, trade } from "./trader.ts";

function trading(send: (message: Sendable) => "sent" | "queued" | "dropped") {
  const clock = manualClock();
  const ledger = new OrderLedger();
  const prices = new Map([
    ["ALPHA", 101.5],
    ["BRAVO", 48.25],
  ]);
  const client = { send };
  const random = seededRandom(1);
  return {
    clock,
    ledger,
    prices,
    stop: trade({ client, ledger, clock, random, interval: 50, prices }),
  };
}

test("orders go out one an interval, numbered from 1, at prices that were seen", async () => {
  const sent: unknown[] = [];
  const { clock, ledger, prices, stop } = trading((message) => {
    sent.push(decodeClientMessage(message));
    return "sent";
  });
  await clock.advance(1_000);
  stop();
  await clock.advance(1_000);
  expect(sent).toHaveLength(20);
  expect(ledger.accepted).toBe(20);
  for (const [index, order] of sent.entries()) {
    expect(order).toMatchObject({ type: "order", number: index + 1 });
    const { symbol, price } = order as { readonly symbol: string; readonly price: number };
    expect(prices.get(symbol)).toBe(price);
  }
});

test("without a price there is no order", async () => {
  const { clock, ledger, prices } = trading(() => "sent");
  prices.clear();
  await clock.advance(1_000);
  expect(ledger.accepted).toBe(0);
});

test("an order stands in the ledger before it is sent", async () => {
  let placed = 0;
  const { clock, ledger } = trading(() => {
    placed = ledger.open;
    return "sent";
  });
  await clock.advance(50);
  expect(placed).toBe(1);
});

test("an order the queue has no room for was not accepted", async () => {
  const { clock, ledger } = trading(() => {
    throw new QueueFullError("full");
  });
  await clock.advance(100);
  expect(ledger.accepted).toBe(0);
});

test("any other fault of send is not swallowed", async () => {
  const { clock } = trading(() => {
    throw new TypeError("broken");
  });
  await expect(clock.advance(50)).rejects.toThrow("broken");
});

test("only orders have a number", () => {
  expect(orderNumber('{"type":"subscribe","channels":[]}')).toBeUndefined();
  expect(orderNumber(new Uint8Array(2))).toBeUndefined();
});
