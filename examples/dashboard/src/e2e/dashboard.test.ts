import { describe } from "vitest";
import { describeDashboard } from "./scenarios.ts";

// Both at once: a dashboard waits most of its time.
describe.concurrent("Chromium", () => {
  describeDashboard("chromium");
});
describe.concurrent("Firefox", () => {
  describeDashboard("firefox");
});
