import { expect, test } from "vitest";
import { trial, type Outcome } from "./trial.ts";
import { verdicts } from "./verdicts.ts";

test("a few clients are all back after a kill and after a graceful restart", async () => {
  const { connected, connections, warnings, fatal } = await trial({
    clients: 20,
    restarts: 2,
    every: 500,
  });
  expect({ connected, warnings, fatal }).toEqual({ connected: 20, warnings: [], fatal: [] });
  expect(connections).toBeGreaterThanOrEqual(40);
});

const good: Outcome = {
  clients: 10,
  restarts: 2,
  duration: 1_000,
  connected: 10,
  connections: 30,
  heap: { before: 1_000_000, after: 1_040_000 },
  warnings: [],
  fatal: [],
};

test.each([
  ["nothing", {}, 0],
  ["a client that is missing", { connected: 9 }, 1],
  ["a client that gave up", { fatal: ["Error: no"] }, 1],
  ["a restart that was not noticed", { connections: 29 }, 1],
  ["a heap that has grown", { heap: { before: 1_000_000, after: 1_060_000 } }, 1],
  [
    "a heap that has shrunk, which says that the first look was too early",
    { heap: { before: 1_060_000, after: 1_000_000 } },
    1,
  ],
  ["a warning", { warnings: ["MaxListenersExceededWarning: 11 listeners"] }, 1],
])("a verdict finds %s", (_, fault, count) => {
  expect(verdicts({ ...good, ...fault }).filter(({ holds }) => !holds)).toHaveLength(count);
});
