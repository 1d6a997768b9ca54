import { describe, expect, test } from "vitest";
import {
  decodeClientMessage,
  decodeServerMessage,
  encode,
  type ClientMessage,
  type ServerMessage,
} from "./protocol.ts";

const deal = { symbol: "ALPHA", side: "buy", quantity: 3, price: 101.5 } as const;
const clientMessages: readonly ClientMessage[] = [
  { type: "auth", token: "t", session: "s" },
  { type: "subscribe", channels: ["trades", "book"] },
  { type: "order", number: 1, ...deal },
];
const serverMessages: readonly ServerMessage[] = [
  { type: "authenticated", session: "s" },
  { type: "subscribed", channels: [] },
  { type: "receipts", ranges: [[1, 4]] },
  { type: "receipt", number: 1, duplicate: false },
  { type: "trade", sequence: 1, ...deal },
  { type: "book", sequence: 2, symbol: "ALPHA", bids: [[1, 2]], asks: [] },
  { type: "error", reason: "no" },
];

test.each(clientMessages)("what a client says as $type arrives as it was", (message) => {
  expect(decodeClientMessage(encode(message))).toEqual(message);
});

test.each(serverMessages)("what a server says as $type arrives as it was", (message) => {
  expect(decodeServerMessage(encode(message))).toEqual(message);
});

describe("what is not of the protocol is nothing", () => {
  const nonsense: readonly unknown[] = [
    "",
    "{",
    "null",
    "7",
    "[]",
    "{}",
    '{"type":7}',
    '{"type":"toString"}',
    '{"type":"hello"}',
    new Uint8Array([123, 125]),
    undefined,
  ];
  test.each(nonsense)("%s", (text) => {
    expect(decodeClientMessage(text)).toBeUndefined();
    expect(decodeServerMessage(text)).toBeUndefined();
  });
});

test.each([...clientMessages, ...serverMessages])(
  "$type without one of its fields is nothing",
  (message) => {
    for (const name of Object.keys(message)) {
      const text = JSON.stringify({ ...message, [name]: undefined });
      expect(decodeClientMessage(text)).toBeUndefined();
      expect(decodeServerMessage(text)).toBeUndefined();
    }
  },
);

test("an order is numbered from 1, and sides, channels and levels are checked", () => {
  const order = { type: "order", number: 1, ...deal };
  expect(decodeClientMessage(JSON.stringify({ ...order, number: 0 }))).toBeUndefined();
  expect(decodeClientMessage(JSON.stringify({ ...order, number: 1.5 }))).toBeUndefined();
  expect(decodeClientMessage(JSON.stringify({ ...order, side: "hold" }))).toBeUndefined();
  expect(decodeClientMessage('{"type":"subscribe","channels":["news"]}')).toBeUndefined();
  expect(decodeServerMessage('{"type":"receipts","ranges":[[1,2,3]]}')).toBeUndefined();
});
