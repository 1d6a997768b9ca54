import { expect, it } from "vitest";
import { decodeClientMessage, decodeServerMessage, encode } from "./protocol.ts";

it("reads what was written", () => {
  const trade = { type: "trade", channel: "ALPHA", price: 1.5 } as const;
  const order = { type: "order", number: 3 } as const;
  expect(decodeServerMessage(encode(trade))).toEqual(trade);
  expect(decodeClientMessage(encode(order))).toEqual(order);
});

it.for([
  undefined,
  new Uint8Array(2),
  "",
  "no JSON",
  "null",
  "7",
  "[]",
  "{}",
  '{"type":"constructor"}',
  '{"type":"trade","channel":"ALPHA"}',
  '{"type":"subscribed","channels":"ALPHA"}',
  '{"type":"receipt","number":"1"}',
  '{"type":"auth"}',
  '{"type":"subscribe","channels":[1]}',
  '{"type":"order","number":1.5}',
])("reads nothing from %o", (text) => {
  expect(decodeServerMessage(text)).toBeUndefined();
  expect(decodeClientMessage(text)).toBeUndefined();
});
