import { expect, test } from "vitest";
import { OrderLedger, type Accounts } from "./ledger.ts";

const nothing: Accounts = {
  accepted: 0,
  receipted: 0,
  dropped: 0,
  unknown: 0,
  missing: [],
  duplicated: [],
  droppedButDelivered: [],
};

function placed(...orders: readonly number[]): OrderLedger {
  const ledger = new OrderLedger();
  for (const order of orders) ledger.place(order);
  return ledger;
}
function handed(connection: number, ...orders: readonly number[]): OrderLedger {
  const ledger = placed(...orders);
  for (const order of orders) ledger.handOver(order, connection);
  return ledger;
}

test("no orders, no account", () => {
  expect(new OrderLedger().close()).toEqual(nothing);
});

test("a receipted order is settled", () => {
  const ledger = handed(1, 1);
  expect([ledger.accepted, ledger.receipted, ledger.open]).toEqual([1, 0, 1]);
  ledger.receipt(1, 1, false);
  expect([ledger.accepted, ledger.receipted, ledger.open]).toEqual([1, 1, 0]);
  expect(ledger.close()).toEqual({ ...nothing, accepted: 1, receipted: 1 });
});

test("an order the client refused was never accepted", () => {
  const ledger = placed(1);
  ledger.withdraw(1);
  ledger.withdraw(1);
  expect(ledger.open).toBe(0);
  expect(ledger.close()).toEqual(nothing);
});

test("an order reported dropped is settled", () => {
  const ledger = placed(1);
  ledger.drop(1);
  expect(ledger.open).toBe(0);
  expect(ledger.close()).toEqual({ ...nothing, accepted: 1, dropped: 1 });
});

test("orders handed to a connection that is lost are of unknown fate", () => {
  const ledger = handed(1, 1, 2);
  ledger.receipt(1, 1, false);
  expect(ledger.lose(1, 0)).toEqual([2]);
  expect(ledger.open).toBe(0);
  expect(ledger.close()).toEqual({ ...nothing, accepted: 2, receipted: 1, unknown: 1 });
});

test("a loss is reported once, and says nothing of other connections", () => {
  const ledger = handed(1, 1);
  expect(ledger.lose(1, 0)).toEqual([1]);
  expect(ledger.lose(1, 0)).toEqual([]);
  ledger.place(2);
  ledger.handOver(2, 2);
  expect(ledger.lose(1, 0)).toEqual([]);
});

test("queued orders outlive the loss", () => {
  const ledger = handed(1, 1);
  ledger.place(2);
  expect(ledger.lose(1, 1)).toEqual([1]);
  expect(ledger.open).toBe(1);
});

test("an order that the transport refused is back in the queue, not of unknown fate", () => {
  const ledger = handed(1, 1, 2);
  expect(ledger.lose(1, 1)).toEqual([1]);
  ledger.receipt(2, 2, false);
  expect(ledger.close()).toEqual({ ...nothing, accepted: 2, receipted: 1, unknown: 1 });
});

test("the server's list settles orders of unknown fate", () => {
  const ledger = handed(1, 1, 2, 3);
  ledger.lose(1, 0);
  expect(ledger.known([[1, 2]])).toEqual([1, 2]);
  expect(ledger.known([[1, 2]])).toEqual([]);
  expect(ledger.close()).toEqual({ ...nothing, accepted: 3, receipted: 2, unknown: 1 });
});

test("an order that was neither receipted nor reported is missing", () => {
  const ledger = handed(1, 1);
  ledger.place(2);
  expect(ledger.close()).toEqual({ ...nothing, accepted: 2, missing: [1, 2] });
});

test("an order that a later one of its connection overtook is missing, whatever was lost afterwards", () => {
  const ledger = handed(1, 1, 2, 3);
  ledger.receipt(2, 1, false);
  expect(ledger.lose(1, 0)).toEqual([1, 3]);
  expect(ledger.close()).toEqual({
    ...nothing,
    accepted: 3,
    receipted: 1,
    unknown: 1,
    missing: [1],
  });
});

test("an order overtaken by one of a later connection is not missing for that", () => {
  const ledger = handed(1, 1);
  ledger.lose(1, 0);
  ledger.place(2);
  ledger.handOver(2, 2);
  ledger.receipt(2, 2, false);
  expect(ledger.close()).toEqual({ ...nothing, accepted: 2, receipted: 1, unknown: 1 });
});

test("an order delivered twice is named", () => {
  const ledger = handed(1, 1);
  ledger.receipt(1, 1, false);
  ledger.receipt(1, 1, true);
  expect(ledger.close()).toEqual({ ...nothing, accepted: 1, receipted: 1, duplicated: [1] });
});

test("an order reported dropped and yet delivered is named, in either order of events", () => {
  const early = placed(1);
  early.drop(1);
  early.receipt(1, 1, false);
  const late = handed(1, 1);
  late.receipt(1, 1, false);
  late.drop(1);
  const accounts = { ...nothing, accepted: 1, receipted: 1, droppedButDelivered: [1] };
  expect([early.close(), late.close()]).toEqual([accounts, accounts]);
});

test("receipts, drops and hand-overs of orders it never saw change nothing", () => {
  const ledger = new OrderLedger();
  ledger.receipt(9, 1, false);
  ledger.drop(9);
  ledger.handOver(9, 1);
  expect(ledger.known([[1, 10]])).toEqual([]);
  expect(ledger.close()).toEqual(nothing);
});
