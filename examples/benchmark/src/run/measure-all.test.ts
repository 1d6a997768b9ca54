import { expect, test, vi } from "vitest";
import type { WorkResult } from "../results.ts";
import { targets } from "../targets.ts";
import type { Verdict } from "../verdict.ts";
import { again } from "./measure-all.ts";
import { plan } from "./plan.ts";

const steps = plan({
  check: true,
  browser: false,
  only: ["echo-text-64b", "send-text-64b"],
  rounds: 1,
  scale: undefined,
});
const target = targets.find(({ work }) => work === "echo-text-64b")!;
const measured = { median: 1, low: 1, high: 1, count: 1 };
const means = {
  doJob: () => Promise.reject(new Error("nothing is measured here")),
  onSample: () => {},
};

const echo = (p50: number): WorkResult => ({ id: "echo-text-64b", samples: { ws: [{ p50 }] } });

/** Measures again what is missed until `enough` rounds are there; gives how often, and what came of it. */
async function run(enough: number): Promise<{ ids: string[][]; rounds: number }> {
  using _ = vi.spyOn(console, "error").mockReturnValue(undefined);
  const ids: string[][] = [];
  const roundsOf = (done: readonly WorkResult[]): number => done[0]!.samples.ws!.length;
  const judge = (done: readonly WorkResult[]): readonly Verdict[] => [
    { target, measured, reached: roundsOf(done) >= enough },
  ];
  const { done } = await again(steps, { done: [echo(1)], broken: [] }, judge, means, (repeated) => {
    ids.push(repeated.map(({ work }) => work.id));
    return Promise.resolve({ done: [echo(2)], broken: [] });
  });
  return { ids, rounds: roundsOf(done) };
}

test("What was missed is measured again, nothing else, and its rounds are added", async () => {
  expect(await run(2)).toEqual({ ids: [["echo-text-64b"]], rounds: 2 });
});

test("What was reached is not measured again", async () => {
  expect(await run(1)).toEqual({ ids: [], rounds: 1 });
});

test("A regression stays missed after two more attempts", async () => {
  expect(await run(9)).toEqual({ ids: [["echo-text-64b"], ["echo-text-64b"]], rounds: 3 });
});
