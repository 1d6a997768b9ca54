import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Coverage } from "./coverage.ts";
import { drawn } from "./diagram.ts";
import { minimums } from "./minimums.ts";
import { simulate } from "./simulate.ts";

// The main run takes 20,000 schedules; another Node takes fewer, since only the platform differs there. A night
// takes more, with `node packages/proof/src/simulation/run.ts`.
const isMain = process.env["NODE_UNDER_TEST"] === undefined;
const schedules = Number(process.env["SIMULATION_SCHEDULES"] ?? (isMain ? 20_000 : 1_000));
const seed = Number(process.env["SIMULATION_SEED"] ?? 20_260_101);
const parts = 4;

describe("whatever happens, the client keeps its contract", () => {
  const coverage = new Coverage();

  test.each(Array.from({ length: parts }, (_, part) => seed + part))(
    "in the schedules of seed %i",
    // Against hanging only: alone it takes seconds.
    { timeout: 900_000 },
    async (seed) => {
      const report = await simulate({ seed, schedules: Math.ceil(schedules / parts) });
      if (report.failure !== null) throw new Error(report.failure);
      coverage.join(report.coverage);
    },
  );

  test("and the schedules still get everywhere", () => {
    expect(coverage.gaps(minimums)).toEqual([]);
    expect(coverage.schedules).toBeGreaterThanOrEqual(schedules);
  });
});

test("the README's diagram has every arrow that the schedules may go, and no other", () => {
  const readme = readFileSync(new URL("../../../../README.md", import.meta.url), "utf8");
  const diagram = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(readme)![1]!;
  const arrows = diagram.match(/\w+ --> \w+/g)!;
  expect(arrows.length).toBeGreaterThan(10);
  const isLoop = (arrow: string): boolean => /^(\w+) --> \1$/.test(arrow);
  expect(arrows.toSorted()).toEqual(drawn.filter((arrow) => !isLoop(arrow)).toSorted());
  expect(drawn.filter(isLoop).toSorted()).toEqual([
    "closed --> closed",
    "closing --> closing",
    "handshaking --> handshaking",
    "waiting --> waiting",
  ]);
});
