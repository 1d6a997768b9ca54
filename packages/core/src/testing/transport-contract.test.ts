/* oxlint-disable vitest/valid-title, vitest/expect-expect -- titles and assertions are the kit's */
import { describe, expect, test } from "vitest";
import { memoryHarness, transportContract } from "./index.ts";

describe("the in-memory transport keeps the contract", () => {
  const cases = transportContract({ ...memoryHarness(), capabilities: undefined });
  test("without an exception", () => expect(cases.filter(({ skip }) => skip)).toEqual([]));
  for (const { name, run } of cases) test(name, run);
});

describe("so does one that can no more than a browser's", () => {
  const capabilities = { ping: false, pause: false, flush: false, errors: false };
  const cases = transportContract(memoryHarness({ capabilities }));
  for (const { name, run } of cases.filter(({ skip }) => skip === undefined)) test(name, run);
});

test("cases that need what the transport lacks say so, and do nothing", async () => {
  const cases = transportContract({
    transport: () => expect.unreachable("no transport is needed"),
    server: () => expect.unreachable("no server is needed"),
    capabilities: { flush: false, drain: false },
  });
  const skipped = cases.filter(({ skip }) => skip !== undefined);
  expect(skipped.map(({ skip }) => skip)).toContain("the transport lacks flush and drain");
  expect(skipped.length).toBeLessThan(cases.length / 2);
  for (const { run } of skipped) await run();
});
