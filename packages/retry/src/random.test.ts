import { describe, expect, expectTypeOf, test } from "vitest";
import { seededRandom, type Random } from "./random.ts";

const series = (seed: number, length = 50): number[] => Array.from({ length }, seededRandom(seed));

describe("seededRandom", () => {
  test.each([0, 1, -1, 0.5, -2.25, 1_790_000_000_000, 1e300, -Number.MAX_VALUE])(
    "gives floats in [0, 1), the same ones each time, for the seed %d",
    (seed) => {
      const numbers = series(seed);
      expect(numbers).toEqual(series(seed));
      expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
      expect(new Set(numbers).size).toBe(50);
    },
  );

  test("keeps to its series from version to version", () => {
    expect(series(1, 3)).toMatchInlineSnapshot(`
      [
        0.06304716598242521,
        0.31207453832030296,
        0.4281198827084154,
      ]
    `);
  });

  test("tells seeds apart by sign and fraction", () => {
    const firsts = [0, 1, -1, 0.5, 1.5, -0.5, 1e-3].map((seed) => seededRandom(seed)());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  test("gives consecutive seeds series that are not each other's shifts", () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 200; seed++) for (const number of series(seed)) seen.add(number);
    expect(seen.size).toBeGreaterThan(9_990);
  });

  test.each([0, 1_000, -500, 1_790_000_000_000])(
    "spreads the first, second and tenth number of 1,000 seeds from %d on",
    (start) => {
      for (const place of [0, 1, 9]) {
        const bins = Array.from({ length: 20 }, () => 0);
        for (let seed = start; seed < start + 1_000; seed++) {
          bins[Math.floor(series(seed, 10)[place]! * 20)]! += 1;
        }
        expect(Math.max(...bins)).toBeLessThanOrEqual(80);
        expect(Math.min(...bins)).toBeGreaterThanOrEqual(25);
      }
    },
  );

  test("spreads one series evenly, pairs included", () => {
    const random = seededRandom(7);
    const cells = Array.from({ length: 100 }, () => 0);
    for (let pair = 0; pair < 20_000; pair++) {
      cells[Math.floor(random() * 10) * 10 + Math.floor(random() * 10)]! += 1;
    }
    expect(Math.min(...cells)).toBeGreaterThan(130);
    expect(Math.max(...cells)).toBeLessThan(270);
  });

  test.each([NaN, Infinity, -Infinity])("refuses the seed %d", (seed) => {
    expect(() => seededRandom(seed)).toThrow(`seed must be from`);
    expect(() => seededRandom(seed)).toThrow(`got ${seed}`);
  });

  test("is a Random", () => {
    expectTypeOf(seededRandom).toEqualTypeOf<(seed: number) => Random>();
  });
});
