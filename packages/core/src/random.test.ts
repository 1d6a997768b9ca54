import { afterEach, expect, test, vi } from "vitest";
import { systemRandom } from "./random.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("random numbers are the platform's", () => {
  vi.spyOn(Math, "random").mockReturnValue(0.25);
  expect(systemRandom()).toBe(0.25);
});
