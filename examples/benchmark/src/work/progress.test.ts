import { expect, test, vi } from "vitest";
import type { Sample } from "../task.ts";
import type { Meter } from "./context.ts";
import { Progress } from "./progress.ts";

const clock = vi.hoisted(() => ({ at: 0 }));
vi.mock("../clock.ts", () => ({ now: () => clock.at }));

/** A meter that writes down what it is told. */
function recorder(): { readonly told: string[]; readonly start: () => Meter } {
  const told: string[] = [];
  const start = (): Meter => {
    told.push("start");
    return {
      lap: (messages) => void told.push(`lap ${messages}`),
      end: (messages): Sample => {
        told.push(`end ${messages}`);
        return { messages };
      },
    };
  };
  return { told, start };
}

test("A counted span begins after its warm-up and ends with its last message", () => {
  const { told, start } = recorder();
  const progress = new Progress({ warmUp: 5, messages: 20 }, start);
  expect(progress.next).toBe(5);
  expect(progress.reach()).toBeUndefined();
  expect(progress.next).toBe(25);
  expect(progress.reach()).toEqual({ messages: 20 });
  expect(told).toEqual(["start", "end 20"]);
});

test("A timed span has laps, begins and ends at a look at the clock, and counts nothing after it", () => {
  const { told, start } = recorder();
  const progress = new Progress({ warmUp: 100, span: 200, step: 10 }, start);
  const looks = [0, 50, 100, 130, 160, 200, 260, 299, 310];
  const samples = looks.map((at, index) => {
    clock.at = at;
    expect(progress.next).toBe((index + 1) * 10);
    return progress.reach();
  });
  expect(told).toEqual(["start", "lap 20", "lap 20", "end 60"]);
  expect(samples.findIndex((sample) => sample !== undefined)).toBe(looks.indexOf(310));
  expect(progress.next).toBe(Infinity);
});
