import { expect, test } from "vitest";
import type { Summary } from "./events.ts";
import { verdict } from "./verdict.ts";
import { exampleSummary } from "./view/examples.ts";

const orders = exampleSummary.orders;
const judged = (change: Partial<Summary>): string => verdict({ ...exampleSummary, ...change });

test("orders that were receipted or reported are accounted for", () => {
  expect(judged({})).toBe("accounted");
  expect(judged({ orders: { ...orders, receipted: 0, unknown: 400 } })).toBe("accounted");
});

test.each(["missing", "duplicated", "droppedButDelivered"] as const)(
  "an order that is %s is not",
  (list) => {
    expect(judged({ orders: { ...orders, [list]: [7] } })).toBe("unaccounted");
  },
);

test("a client that gave up or never connected did not show what it should", () => {
  expect(judged({ gaveUp: "refused" })).toBe("gave up");
  expect(judged({ connections: 0 })).toBe("never connected");
});

test("a missing order weighs more than why it is missing", () => {
  const all = { orders: { ...orders, missing: [7] }, gaveUp: "refused", connections: 0 };
  expect(judged(all)).toBe("unaccounted");
});
