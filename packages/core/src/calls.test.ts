import { expect, test } from "vitest";
import { Calls } from "./calls.ts";
import { Pending } from "./pending.ts";
import { watch } from "./test-kit.ts";
import { manualClock } from "./testing/index.ts";

test("calls are settled together, and once", async () => {
  const clock = manualClock();
  const calls = new Calls();
  const add = () => {
    const pending = new Pending<void>(clock);
    calls.add(pending);
    return watch(pending.promise);
  };
  const first = [add(), add()];
  calls.settle();
  const second = [add(), add()];
  calls.settle(null);
  const third = [add(), add()];
  const error = new Error("over");
  calls.settle(error);
  calls.settle();
  await clock.settle();
  expect([...first, ...second].map(({ status }) => status)).toEqual(Array(4).fill("resolved"));
  expect(third.map((call) => call.error)).toEqual([error, error]);
  expect(calls.size).toBe(0);
});
