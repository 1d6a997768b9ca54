import { expect, test } from "vitest";
import type { Summary } from "../events.ts";
import { conclude } from "./conclude.ts";
import { exampleSummary } from "./examples.ts";

const concluded = (change: Partial<Summary> = {}): string =>
  conclude({ ...exampleSummary, ...change })
    .map(({ text }) => text)
    .join("\n");
const orders = exampleSummary.orders;

test.each([
  [/messages received +7,654/],
  [/reconnects +8/],
  [/longest outage +1\.61 s/],
  [/gaps in the numbering +8 +2,210 messages/],
  [/orders accepted +400/],
  [/receipted +352/],
  [/reported dropped +9/],
  [/of unknown fate +39/],
  [/missing +0/],
  [/OK: every order is accounted for/],
])("the summary holds %s", (line) => {
  expect(concluded()).toMatch(line);
});

test("missing orders are named, and fail", () => {
  const text = concluded({ orders: { ...orders, missing: [7, 8, 12] } });
  expect(text).toMatch(/missing +3 +7–8, 12/);
  expect(text).toContain("FAILED: not every order is accounted for.");
});

test("orders that were delivered against the rules are named", () => {
  const text = concluded({ orders: { ...orders, duplicated: [3], droppedButDelivered: [4, 5] } });
  expect(text).toContain("Delivered twice: 3. Reported dropped, yet delivered: 4–5.");
});

test("the other ways to fail are told apart", () => {
  expect(concluded({ gaveUp: "invalid token" })).toContain(
    "FAILED: the client gave up: invalid token",
  );
  expect(concluded({ connections: 0 })).toContain("FAILED: no connection could be made.");
});
