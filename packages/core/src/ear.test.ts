import { expect, test, vi } from "vitest";
import { Ear } from "./ear.ts";
import type { Link } from "./link.ts";
import { Pings } from "./pings.ts";
import { manualClock } from "./testing/index.ts";

interface Heard {
  readonly ear: Ear;
  readonly pings: Pings;
  readonly faults: unknown[];
  /** Who has asked the link to be told. */
  readonly asked: Ear[];
  readonly sent: Uint8Array[];
  readonly tearDown: () => void;
}
function heard(): Heard {
  const faults: unknown[] = [];
  const asked: Ear[] = [];
  const sent: Uint8Array[] = [];
  const pings = new Pings(manualClock());
  const link = {
    isWritable: true,
    connection: { ping: (payload: Uint8Array) => sent.push(payload) },
    tellNextFrame: (ear: Ear) => asked.push(ear),
  } as unknown as Link;
  const client = {
    link,
    readyLink: link,
    pings,
    fault: (...fault: readonly unknown[]) => void faults.push(fault),
  };
  const ear = new Ear(client, entry);
  const tearDown = (): void => {
    ear.close(new Error("gone"));
  };
  return { ear, pings, faults, asked, sent, tearDown };
}
const entry = { plugin: { name: "keeper" }, name: "keeper" };

test("asks the link by the same name every time, and calls the last task once", () => {
  const { ear, asked } = heard();
  const told: string[] = [];
  ear.onNextFrame(() => told.push("first"));
  ear.onNextFrame(() => told.push("second"));
  expect(new Set(asked)).toEqual(new Set([ear]));
  for (const each of asked) each.heard();
  expect(told).toEqual(["second"]);
});

test("a task may ask for the frame after", () => {
  const { ear } = heard();
  let count = 0;
  const task = (): void => void (count++ < 5 && ear.onNextFrame(task));
  ear.onNextFrame(task);
  for (let frame = 0; frame < 3; frame++) ear.heard();
  expect(count).toBe(3);
});

test("waits for one answer, however often it pings a server that is silent", () => {
  const { ear, pings, sent } = heard();
  const trips: number[] = [];
  for (let i = 0; i < 1000; i++) ear.ping(() => trips.push(i));
  pings.pong(sent.at(-1)!);
  expect(trips).toEqual([999]);
});

test("hands on what its listeners throw", () => {
  const { ear, pings, sent, faults } = heard();
  const fail = (): never => {
    throw "no";
  };
  ear.onNextFrame(fail);
  ear.heard();
  ear.ping(fail);
  pings.pong(sent[0]!);
  expect(faults).toEqual([
    [entry, "onNextFrame", "no"],
    [entry, "ping", "no"],
  ]);
});

test("after teardown it tells nothing more, and refuses to listen", () => {
  const { ear, pings, sent, tearDown } = heard();
  const told = vi.fn<() => void>();
  ear.onNextFrame(told);
  ear.ping(told);
  tearDown();
  ear.heard();
  pings.pong(sent[0]!);
  expect(() => ear.onNextFrame(told)).toThrow("gone");
  expect(() => ear.ping(told)).toThrow("gone");
  expect(told).not.toHaveBeenCalled();
});
