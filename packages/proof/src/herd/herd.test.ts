import { exponentialBackoff, fixedDelay, noRetry, standard } from "@stream-tungstenite/retry";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { outages, remedies, strategies } from "./crowds.ts";
import { arrivals, type Crowd } from "./herd.ts";
import { herdPage } from "./herd-page.ts";

const full = exponentialBackoff(standard);

function crowd(rest: Partial<Crowd> = {}): Crowd {
  return { clients: 100_000, strategy: full, outage: 0, seed: 7, ...rest };
}

function ratio({ peak, mean }: { readonly peak: number; readonly mean: number }): number {
  return peak / mean;
}

describe("a crowd with full jitter", () => {
  test.each([1, 2, 3])(
    "comes as an even stream when the server is back at once (seed %i)",
    (seed) => {
      expect(ratio(arrivals(crowd({ seed })))).toBeLessThanOrEqual(1.1);
    },
  );

  test.each([1, 2, 3])(
    "peaks at no more than 2.4 of the mean after saturation (seed %i)",
    (seed) => {
      expect(ratio(arrivals(crowd({ seed, outage: 300_000 })))).toBeLessThanOrEqual(2.4);
    },
  );

  test("dials in vain only during the outage", () => {
    expect(arrivals(crowd()).refused).toBe(0);
    expect(arrivals(crowd({ outage: 30_000 })).refused).toBeGreaterThan(100_000);
  });
});

describe("a simulated crowd", () => {
  test.each(outages)("comes back whole after %i ms, whatever its habit", (outage) => {
    for (const { crowd } of [...strategies, ...remedies]) {
      const { buckets } = arrivals({ clients: 1_000, outage, seed: 3, ...crowd });
      expect(buckets.reduce((sum, count) => sum + count, 0)).toBe(1_000);
      expect(buckets.at(-1)).toBeGreaterThan(0);
    }
  });

  test("without jitter comes as one wall", () => {
    const { buckets, peak } = arrivals(crowd({ strategy: fixedDelay(5_000), outage: 4_000 }));
    expect(peak).toBe(100_000);
    expect(buckets).toHaveLength(11);
  });

  test("counts a dial at the moment of the return as an arrival", () => {
    const { buckets, refused } = arrivals(crowd({ strategy: fixedDelay(5_000), outage: 5_000 }));
    expect(buckets).toEqual([100_000]);
    expect(refused).toBe(0);
  });

  test("keeps Retry-After as a floor, from the first refusal on", () => {
    const strategy = fixedDelay(1_000);
    const { buckets, refused } = arrivals(
      crowd({ clients: 1, strategy, outage: 1_500, retryAfter: () => 4_000 }),
    );
    // Refused at 1 s, back at 5 s: 3.5 s after the server.
    expect(buckets.findIndex((count) => count > 0)).toBe(35);
    expect(refused).toBe(1);
  });

  test("asks adjustDelay about each delay", () => {
    const asked: (readonly [number, number])[] = [];
    arrivals(
      crowd({
        clients: 1,
        strategy: fixedDelay(1_000),
        outage: 250,
        adjustDelay: (delay, { attempt }) => {
          asked.push([attempt, delay]);
          return 100;
        },
      }),
    );
    expect(asked).toEqual([
      [1, 1_000],
      [2, 1_000],
      [3, 1_000],
    ]);
  });

  test("is the same for the same seed, and another for another", () => {
    const [one, same, other] = [1, 1, 2].map((seed) => arrivals(crowd({ clients: 1_000, seed })));
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
  });

  test("has no answer for a strategy that gives up", () => {
    expect(() => arrivals(crowd({ strategy: noRetry() }))).toThrow(/gives up/);
  });
});

test("the page and its plots are what the simulation says", () => {
  for (const [name, content] of Object.entries(herdPage())) {
    const committed = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");
    expect(committed, `${name} is out of date: pnpm --filter proof herd`).toBe(content);
  }
});
