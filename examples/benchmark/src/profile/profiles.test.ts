import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mergeProfiles, profileName, readProfiles, type Profiles } from "./profiles.ts";

const cpuProfile = (file: string): string =>
  JSON.stringify({
    nodes: [
      { id: 1, callFrame: { functionName: "f", url: `file:///x/packages/${file}`, lineNumber: 0 } },
      { id: 2, callFrame: { functionName: "writev", url: "", lineNumber: -1 } },
    ],
    samples: [1, 2],
    timeDeltas: [10, 30],
  });

test("The profiles of all rounds of a subject are summed up", () => {
  const directory = mkdtempSync(join(tmpdir(), "profiles-"));
  try {
    for (const [round, file] of ["core/a.js", "core/b.js"].entries()) {
      writeFileSync(join(directory, profileName("echo", "ws", round)), cpuProfile(file));
    }
    const works = [
      { id: "echo", samples: { ws: [{ p50: 1 }, { p50: 1 }], tungstenite: [{ p50: 1 }] } },
    ];
    const [profile, ...others] = readProfiles(directory, works);
    expect(others).toEqual([]);
    expect(profile).toMatchObject({ work: "echo", subject: "ws" });
    expect(profile!.files).toEqual([
      { name: "writev", share: 0.75 },
      { name: "core/a.js", share: 0.125 },
      { name: "core/b.js", share: 0.125 },
    ]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("A later run replaces the works that it profiled, and keeps the others", () => {
  const of = (...works: readonly string[]): Profiles => ({
    machine: { cpu: "", cores: 1, memory: 1, system: "", node: "" },
    date: "",
    profiles: works.map((work) => ({ work, subject: "ws", files: [], functions: [] })),
  });
  expect(mergeProfiles(undefined, of("a"))).toEqual(of("a"));
  expect(mergeProfiles(of("a", "b"), of("b", "c"))).toEqual(of("a", "b", "c"));
});
