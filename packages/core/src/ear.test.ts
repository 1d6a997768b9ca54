import { expect, test } from "vitest";
import { Ear } from "./ear.ts";
import type { Link } from "./link.ts";
import { Pings } from "./pings.ts";
import { manualClock } from "./testing/index.ts";

interface Heard {
  readonly ear: Ear;
  readonly pings: Pings;
  readonly link: Link;
  readonly faults: unknown[];
  /** What the link has been asked to call. */
  readonly tasks: (() => void)[];
  readonly sent: Uint8Array[];
}
function heard(): Heard {
  const faults: unknown[] = [];
  const tasks: (() => void)[] = [];
  const sent: Uint8Array[] = [];
  const link = {
    isWritable: true,
    connection: { ping: (payload: Uint8Array) => sent.push(payload) },
    onNextFrame: (task: () => void) => tasks.push(task),
  };
  return {
    ear: new Ear((hook, error) => faults.push([hook, error])),
    pings: new Pings(manualClock()),
    link: link as unknown as Link,
    faults,
    tasks,
    sent,
  };
}

test("gives the link the same function every time, and calls the last task once", () => {
  const { ear, link, tasks } = heard();
  const told: string[] = [];
  ear.onNextFrame(link, () => told.push("first"));
  ear.onNextFrame(link, () => told.push("second"));
  expect(new Set(tasks).size).toBe(1);
  for (const task of tasks) task();
  expect(told).toEqual(["second"]);
});

test("a task may ask for the frame after", () => {
  const { ear, link, tasks } = heard();
  let count = 0;
  const task = (): void => void (count++ < 5 && ear.onNextFrame(link, task));
  ear.onNextFrame(link, task);
  for (let frame = 0; frame < 3; frame++) tasks.at(-1)!();
  expect(count).toBe(3);
});

test("waits for one answer, however often it pings a server that is silent", () => {
  const { ear, pings, link, sent } = heard();
  const trips: number[] = [];
  for (let i = 0; i < 1000; i++) ear.ping(pings, link, () => trips.push(i));
  pings.pong(sent.at(-1)!);
  expect(trips).toEqual([999]);
});

test("hands on what its listeners throw", () => {
  const { ear, pings, link, tasks, sent, faults } = heard();
  const fail = (): never => {
    throw "no";
  };
  ear.onNextFrame(link, fail);
  tasks[0]!();
  ear.ping(pings, link, fail);
  pings.pong(sent[0]!);
  expect(faults).toEqual([
    ["onNextFrame", "no"],
    ["ping", "no"],
  ]);
});

test("closed, it tells nothing more", () => {
  const { ear, pings, link, tasks, sent } = heard();
  const told: string[] = [];
  ear.onNextFrame(link, () => told.push("frame"));
  ear.ping(pings, link, () => told.push("pong"));
  ear.close(pings);
  tasks[0]!();
  pings.pong(sent[0]!);
  expect(told).toEqual([]);
});
