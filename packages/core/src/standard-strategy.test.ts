import { exponentialBackoff } from "@stream-tungstenite/retry";
import { expect, test } from "vitest";
import { ConnectError } from "./errors.ts";
import { standardStrategy } from "./standard-strategy.ts";

const context = {
  previousDelay: null,
  elapsed: 0,
  uptime: 0,
  retryAfter: null,
  cause: new ConnectError("no", { phase: "tcp" }),
};

test.each([1, 2, 3, 6, 7, 50, 1_024, 1_025, 1_000_000])(
  "attempt %d waits as long as with exponentialBackoff()",
  (attempt) => {
    for (const chance of [0, 0.1, 0.5, 0.999_999]) {
      const given = { ...context, attempt, random: () => chance };
      expect(standardStrategy.nextDelay(given)).toBe(exponentialBackoff().nextDelay(given));
    }
  },
);

test("is called what it is", () => {
  expect(standardStrategy.name).toBe(exponentialBackoff().name);
});
