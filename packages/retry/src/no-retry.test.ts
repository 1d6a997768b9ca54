import { expect, test } from "vitest";
import { noRetry } from "./no-retry.ts";
import type { RetryContext } from "./strategy.ts";

const context: RetryContext = {
  attempt: 1,
  previousDelay: null,
  elapsed: 0,
  uptime: 0,
  retryAfter: null,
  cause: new Error("lost"),
  random: () => 0.25,
};

test("noRetry gives up at the first failure", () => {
  expect(noRetry().nextDelay(context)).toBeNull();
  expect(noRetry().name).toBe("no-retry");
});
