import { expect, test } from "vitest";
import { RoundTrip } from "./round-trip.ts";

test("knows nothing before the first sample", () => {
  expect(new RoundTrip()).toMatchObject({ smoothed: null, variation: null });
});

test("takes the first sample as it is, and half of it as its variation", () => {
  const trip = new RoundTrip();
  trip.add(80);
  expect(trip).toMatchObject({ smoothed: 80, variation: 40 });
});

test("weighs a later sample by an eighth, its deviation from the old value by a quarter", () => {
  const trip = new RoundTrip();
  trip.add(80);
  trip.add(160);
  // 3/4 * 40 + 1/4 * |80 - 160|; 7/8 * 80 + 1/8 * 160
  expect(trip).toMatchObject({ smoothed: 90, variation: 50 });
  trip.add(90);
  expect(trip).toMatchObject({ smoothed: 90, variation: 37.5 });
});

test("a round trip of nothing is one", () => {
  const trip = new RoundTrip();
  trip.add(0);
  expect(trip).toMatchObject({ smoothed: 0, variation: 0 });
  trip.add(8);
  expect(trip).toMatchObject({ smoothed: 1, variation: 2 });
});
