import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Profile } from "../profile/profiles.ts";
import type { Results } from "../results.ts";
import type { Subject } from "../task.ts";
import { addRounds, merge, stringify } from "../results.ts";
import { resultPage, resultPlot } from "./page.ts";
import { documentation, readBeside, readPublished } from "./write.ts";

const results: Results = {
  machine: { cpu: "A CPU", cores: 2, memory: 8 * 2 ** 30, system: "Linux 6", node: "v24.0.0" },
  date: "2026-01-31",
  works: [
    {
      id: "send-text-64b",
      samples: {
        ws: [
          { rate: 100, cpu: 4 },
          { rate: 200, cpu: 4 },
        ],
        tungstenite: [
          { rate: 400, cpu: 1 },
          { rate: 700, cpu: 1 },
        ],
      },
    },
  ],
};

describe("The page", () => {
  test("says what was measured, on what, and which targets were reached", () => {
    const page = resultPage(results);
    expect(page).toContain("2026-01-31 on 2 cores of A CPU,\n8 GiB, Linux 6, Node v24.0.0");
    expect(page).toMatch(/\| send bursts of 64 B +\| ≥ 3\.30 +\| 3\.75 \(3\.63 – 3\.88\) \| yes/);
    expect(page).toMatch(/\| send 64 B text +\| 150 +\| 3\.75/);
  });

  test("says at once which targets were missed", () => {
    expect(resultPage(results)).toContain("All 2 are reached.");
    const [work] = results.works;
    const slow = work!.samples.ws!.map(({ rate = 0 }) => ({ rate: rate * 2, cpu: 0.25 }));
    const samples = { ws: work!.samples.ws!, tungstenite: slow };
    expect(resultPage({ ...results, works: [{ id: "send-text-64b", samples }] })).toContain(
      "1 of 2 are reached. Missed: send bursts of 64 B.",
    );
  });

  test("shows where the time of a message goes, in nanoseconds, beside what is said by hand", () => {
    const profile = (subject: Subject, share: number): Profile => ({
      work: "send-text-64b",
      subject,
      files: [
        { name: "ws/lib/sender.js", share },
        { name: "writev", share: 1 - share },
        { name: "node:net", share: 0.004 },
      ],
      functions: [],
    });
    const profiles = [profile("ws", 0.25), profile("tungstenite", 0.5)];
    const page = resultPage(results, { profiles, reading: "By hand." });
    expect(page).toMatch(/\| `writev` +\| 3,000 ns, 75.0 % +\| 500 ns, 50.0 % /);
    expect(page).not.toContain("node:net");
    // Nothing of the reading side was profiled.
    expect(page).not.toContain("By hand.");
    const reading = results.works.map((work) => ({ ...work, id: "receive-text-64b" }));
    const read = profiles.map((each) => ({ ...each, work: "receive-text-64b" }));
    expect(
      resultPage({ ...results, works: reading }, { profiles: read, reading: "By hand." }),
    ).toContain("## What bounds the reading side\n\nBy hand.\n\n|");
  });

  test("says which versions were measured, where they are known", () => {
    const versions = { ws: "8.23.0", partysocket: "1.3.0" };
    expect(resultPage({ ...results, versions })).toContain(
      "Versions: ws 8.23.0, partysocket 1.3.0.",
    );
    expect(resultPage(results)).not.toContain("Versions:");
  });

  test("has no section for what was not measured", () => {
    expect(resultPage(results)).not.toContain("## Import");
    expect(resultPlot(results).match(/<title>/g)).toHaveLength(1);
  });

  test("of the documentation, and its plot, follow from the figures kept beside the benchmark", () => {
    const kept = readPublished()!;
    expect(kept.works).not.toEqual([]);
    const read = (name: string): string => readFileSync(new URL(name, documentation), "utf8");
    expect(read("benchmark.md")).toBe(resultPage(kept, readBeside()));
    expect(read("benchmark.svg")).toBe(resultPlot(kept));
  });
});

test("A later run replaces the works that it measured, and keeps the others", () => {
  const other = { id: "import", samples: {} };
  const later = { ...results, date: "2026-02-01", works: [other] };
  expect(merge(results, later).works.map(({ id }) => id)).toEqual(["send-text-64b", "import"]);
  expect(merge(merge(results, later), results).works).toHaveLength(2);
  expect(merge(results, later).date).toBe("2026-02-01");
  const elsewhere = { ...later, machine: { ...results.machine, node: "v22.0.0" } };
  expect(merge(results, elsewhere).works, "one page, one machine").toEqual([other]);
  const known = { ...results, versions: { ws: "8.23.0" } };
  expect(merge(known, later).works, "not known to differ").toHaveLength(2);
  expect(merge(known, { ...later, versions: { ws: "8.23.0" } }).works).toHaveLength(2);
  const newer = { ...later, versions: { ws: "8.24.0" } };
  expect(merge(known, newer).works, "one page, one version").toEqual([other]);
});

test("Rounds of works that were measured again stand behind the others", () => {
  const [work] = results.works;
  const more = { id: work!.id, samples: { ws: [{ rate: 300, cpu: 3 }] } };
  const [both, other] = addRounds([work!, { id: "import", samples: {} }], [more]);
  expect(both!.samples.ws!.map(({ rate }) => rate)).toEqual([100, 200, 300]);
  expect(both!.samples.tungstenite).toEqual(work!.samples.tungstenite);
  expect(other).toEqual({ id: "import", samples: {} });
});

test("Results are kept with four digits", () => {
  const works = [{ id: "import", samples: { ws: [{ import: 12.345678 }] } }];
  expect(JSON.parse(stringify({ ...results, works })).works).toEqual([
    { id: "import", samples: { ws: [{ import: 12.35 }] } },
  ]);
});
