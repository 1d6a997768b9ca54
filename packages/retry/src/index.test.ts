import { expect, test } from "vitest";
import * as retry from "./index.ts";

test("the package exports these names and no others", () => {
  expect(Object.keys(retry).toSorted()).toEqual([
    "conservative",
    "exponentialBackoff",
    "fast",
    "fixedDelay",
    "limitAttempts",
    "limitElapsed",
    "noRetry",
    "onlyWhen",
    "schedule",
    "seededRandom",
    "standard",
  ]);
});
