import { expect, test } from "vitest";
import { works } from "../work-list.ts";
import { estimate, Forecast, inMinutes } from "./estimate.ts";
import { plan } from "./plan.ts";

const all = { check: false, browser: false, only: [], rounds: undefined, scale: undefined };

test("Every task has an estimate", () => {
  for (const { task } of works) expect(estimate(task)).toBeGreaterThan(0);
});

test("What is left shrinks to nothing, at the pace that was seen", () => {
  const steps = plan({ ...all, only: ["echo-text-64b"], rounds: 2 });
  const forecast = new Forecast(steps);
  const { task, subjects } = steps[0]!.work;
  const whole = 2 * subjects.length * estimate(task);
  expect(forecast.left(0)).toBe(whole);
  for (let n = 0; n < subjects.length; n++) forecast.add(task);
  // The first half took twice as long as it was said to.
  expect(forecast.left(whole)).toBeCloseTo(whole);
  for (let n = 0; n < subjects.length; n++) forecast.add(task);
  expect(forecast.left(2 * whole)).toBe(0);
});

test("The whole takes less than 30 minutes, the short form less than 4", () => {
  expect(new Forecast(plan(all)).left(0) / 60_000).toBeLessThan(30);
  expect(new Forecast(plan({ ...all, check: true })).left(0) / 60_000).toBeLessThan(4);
  expect(new Forecast(plan({ ...all, browser: true })).left(0) / 60_000).toBeLessThan(5);
});

test("Minutes are said as a person says them", () => {
  expect([inMinutes(20_000), inMinutes(200_000)]).toEqual(["less than a minute", "about 3 min"]);
});
