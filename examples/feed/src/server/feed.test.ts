import { manualClock } from "@stream-tungstenite/core/testing";
import { expect, test } from "vitest";
import { decodeServerMessage, encode, type Channel, type ServerMessage } from "../protocol.ts";
import { startFeed, type FeedSocket } from "./feed.ts";
import type { Journal } from "./journal.ts";
import { memoryJournal } from "./memory-journal.ts";

function opening(journal: Journal = memoryJournal(), clock = manualClock()) {
  return { clock, feed: startFeed({ clock, seed: 1, token: "t", journal }) };
}
function socket() {
  const heard: ServerMessage[] = [];
  const closes: number[] = [];
  const state = { writable: true, bufferedAmount: 0 };
  const self: FeedSocket = Object.assign(state, {
    send: (text: string) => void heard.push(decodeServerMessage(text) as ServerMessage),
    close: (code: number) => void closes.push(code),
  });
  return { self, state, heard, closes };
}
const subscribe = (say: (text: unknown) => void, channels: readonly Channel[]): void => {
  say(encode({ type: "auth", token: "t", session: "s" }));
  say(encode({ type: "subscribe", channels }));
};
const numbers = (heard: readonly ServerMessage[]): readonly number[] =>
  heard.flatMap((message) => ("sequence" in message ? [message.sequence] : []));

test("a subscriber hears ten messages a tick, numbered without a hole", async () => {
  const { clock, feed } = opening();
  const { self, heard } = socket();
  subscribe(feed.join(self), ["trades", "book"]);
  await clock.advance(1_000);
  expect(numbers(heard)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
});

test("who subscribes one channel hears that one", async () => {
  const { clock, feed } = opening();
  const { self, heard } = socket();
  subscribe(feed.join(self), ["book"]);
  await clock.advance(100);
  expect(new Set(heard.slice(3).map(({ type }) => type))).toEqual(new Set(["book"]));
});

test("who left, is closing or never subscribed hears nothing", async () => {
  const { clock, feed } = opening();
  const [left, closing, mute] = [socket(), socket(), socket()] as const;
  subscribe(feed.join(left.self), ["trades"]);
  feed.leave(left.self);
  subscribe(feed.join(closing.self), ["trades"]);
  closing.state.writable = false;
  feed.join(mute.self);
  await clock.advance(100);
  for (const { heard } of [left, closing, mute]) expect(numbers(heard)).toEqual([]);
});

test("a reader that is far behind is closed with 1013 and sent no more", async () => {
  const { clock, feed } = opening();
  const { self, state, heard, closes } = socket();
  subscribe(feed.join(self), ["trades"]);
  state.bufferedAmount = 5 * 1024 * 1024;
  await clock.advance(20);
  expect(closes[0]).toBe(1013);
  expect(numbers(heard)).toEqual([]);
});

test("a restarted feed goes on where it would be had it never been away", async () => {
  const journal = memoryJournal();
  const { clock, feed } = opening(journal);
  await clock.advance(400);
  feed.stop();
  await clock.advance(600);
  const witness = socket();
  subscribe(opening(journal, clock).feed.join(witness.self), ["trades", "book"]);
  await clock.advance(20);
  expect(numbers(witness.heard)[0]).toBe(501);
});

test("after a stall it makes up for a second and no more", async () => {
  const { clock, feed } = opening();
  const { self, heard } = socket();
  subscribe(feed.join(self), ["trades", "book"]);
  clock.jump(60_000);
  await clock.advance(0);
  expect(numbers(heard)).toHaveLength(500);
  expect(numbers(heard).at(-1)).toBe(30_000);
});

test("a stopped feed leaves no timer behind", () => {
  const { clock, feed } = opening();
  feed.stop();
  expect(clock.pending).toBe(0);
});
