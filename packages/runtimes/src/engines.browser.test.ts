import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { connectControl, type Control } from "./control/connect-control.ts";
import { Tallies } from "./suite/tallies.ts";
import { platformContestants } from "./suite/platform-contestants.ts";
import { suites } from "./suite/suite.ts";

const { runtime, version } = browser();
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
  await expect(tallies.report(runtime, version, all, control)).resolves.toBeUndefined();
});

/** By the name of its vitest project, and the version that it claims. */
function browser(): { readonly runtime: string; readonly version: string } {
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
