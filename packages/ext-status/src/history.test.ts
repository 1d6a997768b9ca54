import type { ClientState } from "@stream-tungstenite/core";
import { expect, test } from "vitest";
import { History } from "./history.ts";

const idle: ClientState = { status: "idle" };

/** When the transitions kept happened, after so many. */
function keptOf(limit: number, count: number): readonly number[] {
  const history = new History(limit);
  for (let at = 1; at <= count; at++) history.add(at, idle, idle);
  return history.list.map(({ at }) => at);
}

test("keeps the last so many, oldest first", () => {
  expect(keptOf(3, 2)).toEqual([1, 2]);
  expect(keptOf(3, 3)).toEqual([1, 2, 3]);
  expect(keptOf(3, 5)).toEqual([3, 4, 5]);
  expect(keptOf(1, 5)).toEqual([5]);
});

test("keeps nothing when it may keep none", () => {
  expect(keptOf(0, 5)).toEqual([]);
});

test("a list once read does not change any more", () => {
  const history = new History(2);
  history.add(1, idle, idle);
  const { list } = history;
  history.add(2, idle, idle);
  expect(list).toHaveLength(1);
  expect(history.list).not.toBe(list);
  expect(Object.isFrozen(list) && Object.isFrozen(list[0])).toBe(true);
});

test("is the same list until there is another transition", () => {
  const history = new History(2);
  history.add(1, idle, idle);
  expect(history.list).toBe(history.list);
});
