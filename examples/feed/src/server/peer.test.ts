import { expect, test } from "vitest";
import { encode, type ClientMessage, type ServerMessage } from "../protocol.ts";
import { memoryJournal } from "./memory-journal.ts";
import { peer } from "./peer.ts";

function conversation(journal = memoryJournal()) {
  const said: ServerMessage[] = [];
  const closes: (readonly [number, string])[] = [];
  const mine = peer({
    token: "right",
    journal,
    send: (message) => said.push(message),
    close: (code, reason) => closes.push([code, reason]),
  });
  return { ...mine, say: (message: ClientMessage) => mine.receive(encode(message)), said, closes };
}
const auth = { type: "auth", token: "right", session: "s" } as const;
const order = (number: number): ClientMessage => ({
  type: "order",
  number,
  symbol: "ALPHA",
  side: "buy",
  quantity: 1,
  price: 1,
});

test("auth and subscription are confirmed, then the known orders follow", () => {
  const { say, said, closes } = conversation();
  say(auth);
  say({ type: "subscribe", channels: ["trades"] });
  expect(said).toEqual([
    { type: "authenticated", session: "s" },
    { type: "subscribed", channels: ["trades"] },
    { type: "receipts", ranges: [] },
  ]);
  expect(closes).toEqual([]);
});

test("a client hears the channels it subscribed and no others", () => {
  const { say, wants } = conversation();
  expect(wants("trades")).toBe(false);
  say(auth);
  expect(wants("trades")).toBe(false);
  say({ type: "subscribe", channels: ["trades"] });
  expect([wants("trades"), wants("book")]).toEqual([true, false]);
});

test("channels add up", () => {
  const { say, said, wants } = conversation();
  say(auth);
  say({ type: "subscribe", channels: ["trades"] });
  say({ type: "subscribe", channels: ["book"] });
  expect([wants("trades"), wants("book")]).toEqual([true, true]);
  expect(said.at(-2)).toEqual({ type: "subscribed", channels: ["book"] });
});

test("every order is receipted by its number, a second copy as such", () => {
  const { say, said } = conversation();
  say(auth);
  for (const number of [1, 2, 1]) say(order(number));
  expect(said.slice(1)).toEqual([
    { type: "receipt", number: 1, duplicate: false },
    { type: "receipt", number: 2, duplicate: false },
    { type: "receipt", number: 1, duplicate: true },
  ]);
});

test("the next connection of a session is told what the last one delivered", () => {
  const journal = memoryJournal();
  const first = conversation(journal);
  first.say(auth);
  for (const number of [1, 2, 3]) first.say(order(number));
  const second = conversation(journal);
  second.say(auth);
  second.say({ type: "subscribe", channels: [] });
  expect(second.said.at(-1)).toEqual({ type: "receipts", ranges: [[1, 3]] });
});

test("a wrong token is refused in words and with close code 4401", () => {
  const { say, said, closes } = conversation();
  say({ ...auth, token: "wrong" });
  expect(said).toEqual([{ type: "error", reason: "invalid token" }]);
  expect(closes).toEqual([[4401, "invalid token"]]);
});

test("a refused client gets nowhere by going on", () => {
  const { say, said, closes } = conversation();
  say({ ...auth, token: "wrong" });
  say(auth);
  say(order(1));
  expect([said.length, closes.length]).toEqual([1, 1]);
});

test("nothing goes before auth, and an order least of all", () => {
  const { say, closes } = conversation();
  say(order(1));
  expect(closes).toEqual([[1008, "order before auth"]]);
});

test.each(["hello", undefined])("%s is not understood and closes with 1008", (text) => {
  const { receive, closes } = conversation();
  receive(text);
  expect(closes).toEqual([[1008, "not a message of this protocol"]]);
});
