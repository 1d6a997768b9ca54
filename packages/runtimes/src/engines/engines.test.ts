import { expect, test } from "vitest";
import { engines, programsOf } from "./installed.ts";

test("an engine is there with all of its programs, and else not at all", () => {
  const engine = { name: "webkit", install: "apt-get install" } as const;
  const programs = { browser: "/bin/browser", driver: "/bin/driver" };
  expect(programsOf({ ...engine, programs })).toEqual(programs);
  expect(programsOf({ ...engine, programs: { ...programs, driver: undefined } })).toBeUndefined();
});

for (const engine of engines) {
  const { name, programs, install } = engine;
  const missing = Object.keys(programs).filter((program) => programs[program] === undefined);
  if (missing.length > 0) {
    console.warn(
      `\nNOT TESTED in ${name}: its ${missing.join(" and ")} cannot be found. To get it: ${install}.\n`,
    );
  }
  test.skipIf(missing.length > 0)(`${name} is there to run the browser tests`, () => {
    expect(programsOf(engine)).toEqual(programs);
  });
}
