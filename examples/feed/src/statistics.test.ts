import { manualClock } from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { Numbering, Outages, Rate } from "./statistics.ts";

describe("the feed's numbering", () => {
  test("begins wherever the first message stands", () => {
    const numbering = new Numbering();
    expect(numbering.take(500, 1)).toBeUndefined();
    expect(numbering.take(501, 1)).toBeUndefined();
    expect(numbering.gaps).toBe(0);
  });

  test("has a gap where a new connection goes on later", () => {
    const numbering = new Numbering();
    numbering.take(1, 1);
    expect(numbering.take(5, 2)).toEqual({ from: 2, to: 4, reconnected: true });
    expect([numbering.gaps, numbering.missed, numbering.withinConnection]).toEqual([1, 3, 0]);
  });

  test("has no gap where a new connection goes on at once", () => {
    const numbering = new Numbering();
    numbering.take(1, 1);
    expect(numbering.take(2, 2)).toBeUndefined();
    expect(numbering.gaps).toBe(0);
  });

  test("tells a message lost while connected from one missed between connections", () => {
    const numbering = new Numbering();
    numbering.take(1, 1);
    expect(numbering.take(3, 1)).toEqual({ from: 2, to: 2, reconnected: false });
    expect(numbering.withinConnection).toBe(1);
  });

  test("sees repetitions and steps back within a connection", () => {
    const numbering = new Numbering();
    for (const sequence of [1, 1, 2, 1]) numbering.take(sequence, 1);
    expect([numbering.gaps, numbering.withinConnection]).toEqual([0, 2]);
  });

  test("may begin again on a new connection, to a server without a memory", () => {
    const numbering = new Numbering();
    numbering.take(900, 1);
    expect(numbering.take(1, 2)).toBeUndefined();
    expect([numbering.gaps, numbering.withinConnection]).toEqual([0, 0]);
  });
});

describe("outages", () => {
  test("the longest counts, one that still lasts included", async () => {
    const clock = manualClock();
    const outages = new Outages(clock);
    expect(outages.end()).toBeNull();
    outages.begin();
    await clock.advance(300);
    expect(outages.end()).toBe(300);
    outages.begin();
    await clock.advance(100);
    expect(outages.end()).toBe(100);
    expect(outages.longest).toBe(300);
    outages.begin();
    await clock.advance(400);
    expect(outages.longest).toBe(400);
  });

  test("a second loss does not shorten an outage", async () => {
    const clock = manualClock();
    const outages = new Outages(clock);
    outages.begin();
    await clock.advance(100);
    outages.begin();
    await clock.advance(100);
    expect(outages.end()).toBe(200);
  });
});

describe("the rate", () => {
  test("counts the last second and forgets what was before", async () => {
    const clock = manualClock({ now: 12_345 });
    const rate = new Rate(clock);
    for (let i = 0; i < 20; i++) {
      rate.count();
      await clock.advance(100);
    }
    expect(rate.perSecond).toBe(9);
    await clock.advance(500);
    expect(rate.perSecond).toBe(4);
    await clock.advance(60_000);
    expect(rate.perSecond).toBe(0);
  });
});
