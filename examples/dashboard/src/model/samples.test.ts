import { expect, it } from "vitest";
import { Samples } from "./samples.ts";

const sample = (at: number, received: number, roundTrip: number | null = null, queued = 0) => ({
  at,
  received,
  roundTrip,
  queued,
});

it("measures messages per second from one sample to the next", () => {
  const samples = new Samples(10_000);
  samples.add(sample(0, 0));
  expect(samples.rate).toBeNull();
  samples.add(sample(500, 20));
  expect(samples.rate).toBe(40);
  samples.add(sample(1_500, 20));
  expect(samples.rate).toBe(0);
  expect(samples.columns().rates).toEqual([null, 40, 0]);
});

it("gives columns of equal length, with gaps where there is no round trip", () => {
  const samples = new Samples(10_000);
  samples.add(sample(0, 0, 20, 1));
  samples.add(sample(500, 1, null, 2));
  expect(samples.columns()).toEqual({
    times: [0, 500],
    rates: [null, 2],
    roundTrips: [20, null],
    depths: [1, 2],
  });
});

it("forgets what is older than its span, but for one sample at its edge", () => {
  const samples = new Samples(1_000);
  for (const at of [0, 500, 1_000, 1_500, 2_000]) samples.add(sample(at, 0));
  expect(samples.columns().times).toEqual([1_000, 1_500, 2_000]);
  samples.add(sample(2_100, 0));
  expect(samples.columns().times).toEqual([1_000, 1_500, 2_000, 2_100]);
});

it("has no rate when time stands still or goes back", () => {
  const samples = new Samples(1_000);
  samples.add(sample(500, 0));
  samples.add(sample(500, 5));
  expect(samples.rate).toBeNull();
});
