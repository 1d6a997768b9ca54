import { expect, test } from "vitest";
import { figure, plain, unitOf, withSpread } from "./figure.ts";

test("Figures have three significant digits", () => {
  const written = [0.0123, 0.9961, 1, 1.006, 12.34, 123.4, 1_234, 1_262_011, 0, -475_000].map(
    plain,
  );
  expect(written).toEqual([
    "0.012",
    "0.996",
    "1.00",
    "1.01",
    "12.3",
    "123",
    "1,230",
    "1,260,000",
    "0",
    "-475,000",
  ]);
  expect(plain(Number.NaN)).toBe("–");
});

test("Figures stand in the unit of their metric", () => {
  expect(`${figure("peak", 2 ** 26)} ${unitOf("peak")}`).toBe("64.0 MiB at most");
  expect(unitOf("rate")).toBe("messages/s");
});

test("The quartiles follow the median, unless there was one round", () => {
  expect(withSpread({ median: 1, low: 0.9, high: 1.1, count: 9 })).toBe("1.00 (0.90 – 1.10)");
  expect(withSpread({ median: 1, low: 1, high: 1, count: 1 })).toBe("1.00");
});
