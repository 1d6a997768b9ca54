import { manualClock } from "@stream-tungstenite/core/testing";
import { expect, test } from "vitest";
import { injectFaults } from "./inject.ts";
import type { Fault, PlannedFault } from "./plan.ts";
import type { FaultyServer } from "./server.ts";

function injecting(
  plan: readonly PlannedFault[],
  connected = (): Promise<void> => Promise.resolve(),
) {
  const clock = manualClock();
  const calls: string[] = [];
  const log = (call: string): void => void calls.push(`${clock.now()} ${call}`);
  const server: FaultyServer = {
    url: "ws://server.test/",
    pid: 1,
    close: (code, reason) => log(`close ${code} ${reason}`),
    refuse: (count, retryAfter) => log(`refuse ${count} ${retryAfter}`),
    fallSilent: () => log("silence"),
    kill: (downtime) => {
      log(`kill ${downtime}`);
      return Promise.resolve();
    },
    stop: () => Promise.resolve(),
  };
  const controller = new AbortController();
  const done = injectFaults({
    clock,
    server,
    plan,
    limit: 10_000,
    signal: controller.signal,
    connected,
    onFault: (fault) => log(`fault ${fault.kind}`),
    onSkipped: (fault) => log(`skipped ${fault.kind}`),
  });
  return { clock, calls, controller, done };
}
const at = (time: number, fault: Fault): PlannedFault => ({ at: time, window: 1_000, fault });

test("every fault is announced, then carried out when it is due", async () => {
  const { clock, calls, done } = injecting([
    at(100, { kind: "kill", downtime: 600 }),
    at(200, { kind: "close", code: 1011, reason: "oops" }),
    at(300, { kind: "refuse", code: 1012, count: 1, retryAfter: 1 }),
    at(400, { kind: "silence" }),
  ]);
  await clock.advance(1_000);
  await done;
  expect(calls).toEqual([
    "100 fault kill",
    "100 kill 600",
    "200 fault close",
    "200 close 1011 oops",
    "300 fault refuse",
    "300 refuse 1 1",
    "300 close 1012 service restart",
    "400 fault silence",
    "400 silence",
  ]);
});

test("a fault waits for the client, and what no longer fits is left out", async () => {
  let connect = (): void => {};
  const { clock, calls, done } = injecting(
    [at(100, { kind: "silence" }), at(200, { kind: "close", code: 1000, reason: "" })],
    () => new Promise((resolve) => (connect = resolve)),
  );
  await clock.advance(9_400);
  expect(calls).toEqual([]);
  connect();
  await clock.advance(600);
  connect();
  await done;
  expect(calls).toEqual(["9400 fault silence", "9400 silence", "10000 skipped close"]);
});

test("an abort ends the waiting for a fault and for the client", async () => {
  const waiting = injecting([at(100, { kind: "silence" })]);
  waiting.controller.abort();
  await waiting.done;
  expect(waiting.calls).toEqual([]);
  expect(waiting.clock.pending).toBe(0);

  let connect = (): void => {};
  const away = injecting(
    [at(0, { kind: "silence" })],
    () => new Promise((resolve) => (connect = resolve)),
  );
  await away.clock.settle();
  away.controller.abort();
  connect();
  await away.done;
  expect(away.calls).toEqual([]);
});

test("a server that cannot be brought back is a rejection", async () => {
  const clock = manualClock();
  const server = { kill: () => Promise.reject(new Error("gone")) } as unknown as FaultyServer;
  const done = injectFaults({
    clock,
    server,
    plan: [at(0, { kind: "kill", downtime: 1 })],
    limit: 10_000,
    signal: new AbortController().signal,
    connected: () => Promise.resolve(),
    onFault: () => {},
    onSkipped: () => {},
  });
  await expect(done).rejects.toThrow("gone");
});
