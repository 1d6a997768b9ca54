import { manualClock } from "@stream-tungstenite/core/testing";
import { expect, it } from "vitest";
import { delayLine } from "./delay-line.ts";

function rig() {
  const clock = manualClock();
  const arrived: (readonly [string, number])[] = [];
  const line = delayLine<string>(clock, (thing) => arrived.push([thing, clock.now()]));
  return { clock, arrived, line };
}

it("delivers each thing after its delay, and none before what was sent earlier", async () => {
  const { clock, arrived, line } = rig();
  line.push("slow", 100);
  line.push("quick", 10);
  line.push("late", 150);
  await clock.advance(200);
  expect(arrived).toEqual([
    ["slow", 100],
    ["quick", 100],
    ["late", 150],
  ]);
  expect(clock.pending).toBe(0);
});

it("holds what is on its way until it is released", async () => {
  const { clock, arrived, line } = rig();
  line.push("first", 10);
  line.hold();
  line.push("second", 10);
  await clock.advance(100);
  expect(arrived).toEqual([]);
  line.release();
  await clock.advance(0);
  expect(arrived.map(([thing]) => thing)).toEqual(["first", "second"]);
});

it("forgets everything when it is cut", async () => {
  const { clock, arrived, line } = rig();
  line.push("first", 10);
  line.cut();
  line.push("second", 10);
  line.release();
  await clock.advance(100);
  expect(arrived).toEqual([]);
  expect(clock.pending).toBe(0);
});
