import { access } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { ConfigurationError } from "./errors.ts";
import type { Waiting } from "./client.ts";
import { Pending } from "./pending.ts";
import { watch } from "./test-kit.ts";
import { manualClock } from "./testing/index.ts";

const timedOut = (timeout: number): Error => new Error(`after ${timeout}`);

/** A signal that counts who listens to it. */
function countingSignal(): { controller: AbortController; listening: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  let listening = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listening++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listening--;
    remove(...args);
  };
  return { controller, listening: () => listening };
}

describe("Pending", () => {
  test("is settled by whoever comes first", async () => {
    const pending = new Pending<number>(manualClock());
    expect(pending.settled).toBe(false);
    pending.resolve(1);
    pending.reject(new Error("late"));
    expect(pending.settled).toBe(true);
    expect(await pending.promise).toBe(1);
  });

  test("rejects with the error it is given", async () => {
    const pending = new Pending<number>(manualClock());
    const error = new Error("no");
    pending.reject(error);
    pending.resolve(1);
    await expect(pending.promise).rejects.toBe(error);
  });

  test("may be resolved with an error value as with any other", async () => {
    const pending = new Pending<Error>(manualClock());
    const value = new Error("a value");
    pending.resolve(value);
    expect(await pending.promise).toBe(value);
  });

  test("gives up at its deadline and not before", async () => {
    const clock = manualClock();
    const log: string[] = [];
    const pending = new Pending(clock, { timeout: 10 }, timedOut, () => log.push("abandoned"));
    const outcome = watch(pending.promise);
    await clock.advance(9);
    expect(outcome.status).toBe("pending");
    await clock.advance(1);
    expect(outcome.error).toEqual(new Error("after 10"));
    expect(log).toEqual(["abandoned"]);
    expect(pending.settled).toBe(true);
  });

  test("runs what undoes the wait before it is settled", async () => {
    const clock = manualClock();
    const pending: Pending<void> = new Pending(clock, { timeout: 1 }, timedOut, () => {
      expect(pending.settled).toBe(false);
      pending.resolve();
    });
    await clock.advance(1);
    await expect(pending.promise).resolves.toBeUndefined();
  });

  test("takes its timer and its listener away when it is settled", async () => {
    const clock = manualClock();
    const { controller, listening } = countingSignal();
    const { signal } = controller;
    const pending = new Pending<void>(clock, { timeout: 10, signal }, timedOut, () =>
      expect.unreachable("it is over"),
    );
    expect(clock.pending).toBe(1);
    expect(listening()).toBe(1);
    pending.resolve();
    expect(clock.pending).toBe(0);
    expect(listening()).toBe(0);
    controller.abort();
    await pending.promise;
  });

  test("rejects with the reason of an abort, and takes its timer away", async () => {
    const clock = manualClock();
    const { controller, listening } = countingSignal();
    const log: string[] = [];
    const pending = new Pending(clock, { timeout: 10, signal: controller.signal }, timedOut, () =>
      log.push("abandoned"),
    );
    const outcome = watch(pending.promise);
    controller.abort("enough");
    await clock.settle();
    expect(outcome).toEqual({ status: "rejected", value: undefined, error: "enough" });
    expect(log).toEqual(["abandoned"]);
    expect(clock.pending).toBe(0);
    expect(listening()).toBe(0);
  });

  test("is over at once on a signal that was aborted before: there is nothing to undo", async () => {
    const clock = manualClock();
    const waiting = { timeout: 10, signal: AbortSignal.abort("enough") };
    const pending = new Pending(clock, waiting, timedOut, () => expect.unreachable());
    expect(pending.settled).toBe(true);
    expect(clock.pending).toBe(0);
    await expect(pending.promise).rejects.toBe("enough");
  });

  test("has no deadline where nobody says what to throw", () => {
    const clock = manualClock();
    expect(new Pending(clock, { timeout: 10 }).settled).toBe(false);
    expect(clock.pending).toBe(0);
  });

  test.each([
    [Number.NaN, "NaN"],
    [-1, "-1"],
    ["10", "'10'"],
    [10n, "10"],
    [null, "null"],
    [[], "an object"],
  ])("refuses a timeout of %s", async (timeout, shown) => {
    const clock = manualClock();
    const pending = new Pending(clock, { timeout: timeout as number }, timedOut);
    expect(clock.pending).toBe(0);
    await expect(pending.promise).rejects.toEqual(
      new ConfigurationError([
        `timeout: a number of milliseconds, 0 or more, is needed, not ${shown}`,
      ]),
    );
  });

  test.each([null, 5000, "soon"])("refuses %s for options", async (waiting) => {
    const pending = new Pending(manualClock(), waiting as unknown as Waiting, timedOut);
    await expect(pending.promise).rejects.toMatchObject({ code: "CONFIGURATION" });
  });

  test("refuses what is no signal", async () => {
    const pending = new Pending(manualClock(), { signal: {} as AbortSignal }, timedOut);
    await expect(pending.promise).rejects.toThrow(
      "signal: an AbortSignal is needed, not an object",
    );
  });

  test("may be ignored", async () => {
    const raised: unknown[] = [];
    const listen = (error: unknown): void => void raised.push(error);
    process.on("unhandledRejection", listen);
    new Pending(manualClock()).reject(new Error("nobody listens"));
    // Needs a turn of the event loop, at whose end rejections are judged.
    await access(".");
    process.off("unhandledRejection", listen);
    expect(raised).toEqual([]);
  });
});
