import { expect, test } from "vitest";
import { seededRandom } from "./index.ts";
import { TimerHeap, type Timer } from "./timer-heap.ts";

const nothing = (): void => {};

/** Takes out the first timer until none is left. */
function emptied(heap: TimerHeap): Timer[] {
  const timers: Timer[] = [];
  for (let timer = heap.first; timer; timer = heap.first) {
    heap.remove(timer);
    timers.push(timer);
  }
  return timers;
}

test("has no first timer while it is empty", () => {
  const heap = new TimerHeap();
  expect([heap.size, heap.first]).toEqual([0, undefined]);
  heap.remove(heap.add(1, nothing));
  expect([heap.size, heap.first]).toEqual([0, undefined]);
});

test("has the earliest first, and of two at one time the one added first", () => {
  const heap = new TimerHeap();
  const timers = [3, 1, 2, 1, 3, 1].map((at) => heap.add(at, nothing));
  expect(heap.size).toBe(6);
  expect(emptied(heap)).toEqual([1, 3, 5, 2, 0, 4].map((i) => timers[i]));
});

test("keeps a timer's time and task", () => {
  const heap = new TimerHeap();
  const task = (): void => {};
  heap.add(7, nothing);
  expect(heap.add(5, task)).toMatchObject({ at: 5, task });
  expect(heap.first?.task).toBe(task);
});

test("takes any timer out, once, and leaves no trace of it", () => {
  const heap = new TimerHeap();
  const timers = [1, 2, 3].map((at) => heap.add(at, nothing));
  heap.remove(timers[1]!);
  heap.remove(timers[1]!);
  expect(heap.size).toBe(2);
  expect(emptied(heap)).toEqual([timers[0], timers[2]]);
  heap.remove(timers[0]!);
  expect(heap.size).toBe(0);
});

test("lets the timer that takes a removed one's place rise as well as sink", () => {
  const heap = new TimerHeap();
  // 100 stands above 101 and 102; 3, the last, takes the place of 101 and is earlier than 100.
  const timers = [1, 100, 2, 101, 102, 3].map((at) => heap.add(at, nothing));
  heap.remove(timers[3]!);
  expect(emptied(heap).map(({ at }) => at)).toEqual([1, 2, 3, 100, 102]);
});

test("stays in order whatever is added and taken out", () => {
  const random = seededRandom(5);
  const heap = new TimerHeap();
  let inside: Timer[] = [];
  for (let step = 0; step < 2_000; step++) {
    if (inside.length > 0 && random() < 0.4) {
      const [timer] = inside.splice(Math.floor(random() * inside.length), 1);
      heap.remove(timer!);
    } else {
      inside.push(heap.add(Math.floor(random() * 50), nothing));
    }
    expect(heap.size).toBe(inside.length);
    const first = Math.min(...inside.map(({ at }) => at));
    expect(heap.first?.at).toBe(inside.length > 0 ? first : undefined);
  }
  inside = inside.toSorted((a, b) => a.at - b.at || a.order - b.order);
  expect(emptied(heap)).toEqual(inside);
});
