import { commands } from "vitest/browser";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { connectControl, type Control } from "./control/connect-control.ts";
import { Tallies } from "./suite/tallies.ts";
import { platformContestants } from "./suite/platform-contestants.ts";
import { suites } from "./suite/suite.ts";

const { runtime, version } = engine();
const all = suites(platformContestants(runtime), async () => control);
const tallies = new Tallies();
let control: Control;

beforeAll(async () => {
  control = await connectControl(inject("control"));
});
afterAll(() => control.close());

for (const suite of all) {
  describe(`${suite.contestant.name}: ${suite.kind}`, () => {
    for (const { name, run } of suite.cases) {
      test(name, async () => {
        await run();
        tallies.passed(suite);
      });
    }
  });
}

test("the platform tells what the matrix shows of it", async () => {
  // The version that WebKitGTK's page claims is not its own.
  const known = (await commands.engineVersion()) ?? version;
  await expect(tallies.report(runtime, known, all, control)).resolves.toBeUndefined();
});

/** Which engine this is, by what it says of itself. */
function engine(): { readonly runtime: string; readonly version: string } {
  const { userAgent } = navigator;
  for (const [runtime, claim] of [
    ["chromium", /(?:Headless)?Chrome\/(\d+)/],
    ["firefox", /Firefox\/(\d+)/],
    ["webkit", /Version\/([\d.]+).*Safari/],
  ] as const) {
    const version = claim.exec(userAgent)?.[1];
    if (version !== undefined) return { runtime, version };
  }
  throw new Error(`No browser that is known: ${userAgent}`);
}
