import { expect, test } from "vitest";
import { begin } from "./clients.ts";
import type { TrialOptions } from "./clients.ts";
import { FaultProxy } from "./proxy.ts";
import { ServerProcess } from "./server.ts";
import type { Trial } from "./trial.ts";

const place = "A TCP proxy";

async function proxied(
  options: TrialOptions = {},
): Promise<{ server: ServerProcess; proxy: FaultProxy; trial: Trial }> {
  const server = await ServerProcess.start();
  const proxy = await FaultProxy.start(server.port);
  const trial = await begin(server, { url: proxy.url, ...options });
  return { server, proxy, trial };
}

const losses = (trial: Trial): number =>
  trial.told.items.filter(({ type }) => type === "disconnected").length;

test("latency delays and loses nothing", async () => {
  const { proxy, trial } = await proxied();
  await trial.fault(() => proxy.latency(150));
  trial.send(50);
  await trial.settle();
  expect(losses(trial)).toBe(0);
  const verdict = await trial.conclude(place, "latency");
  expect(verdict.received).toBe(verdict.accepted);
});

test("throttling fills the queue up to its limit and loses nothing that was taken", async () => {
  // Socket buffers of the system take megabytes at loopback speed before anything is seen.
  const sendQueue = { capacity: 20, maxBytes: 8_388_608 };
  const { proxy, trial } = await proxied({ highWaterMark: 65_536, sendQueue });
  await trial.fault(() => proxy.throttle(8_388_608));
  const sent = trial.send(300, { bytes: 65_536 });
  const outcomes = trial.told.items.filter(
    (told) => "number" in told && "bytes" in told && told.number <= sent,
  );
  const count = (type: string): number => outcomes.filter((told) => told.type === type).length;
  expect(count("sent")).toBeGreaterThan(0);
  expect(count("queued")).toBe(20);
  expect(count("refused")).toBeGreaterThan(0);
  trial.send(20, { bytes: 65_536, wait: true });
  await trial.cure(() => proxy.throttle(0));
  await trial.settle();
  expect(losses(trial)).toBe(0);
  const verdict = await trial.conclude(place, "throttling");
  expect(verdict.received).toBe(verdict.accepted);
});

test("a stall is found by the heartbeat; what the stalled line holds is told as unknown", async () => {
  const { proxy, trial } = await proxied({
    connectTimeout: 1_000,
    heartbeat: { interval: 500, timeout: 500 },
  });
  await trial.fault(() => proxy.stall());
  trial.send(10);
  await trial.lost({ name: "IdleTimeoutError", close: 1006 });
  trial.send(10);
  await trial.failed({ name: "ConnectTimeoutError", phase: "upgrade" });
  await trial.cure(() => proxy.flow());
  await trial.again();
  const verdict = await trial.conclude(place, "a stall");
  expect(verdict.reported).toBe(0);
  expect(verdict.received + verdict.unknown).toBe(verdict.accepted);
});

test("a stalled line with full buffers: bufferedAmount tells what never left", async () => {
  const { proxy, trial } = await proxied({
    connectTimeout: 1_000,
    heartbeat: { interval: 500, timeout: 500 },
    highWaterMark: 4_194_304,
  });
  await trial.fault(() => proxy.stall());
  trial.send(200, { bytes: 262_144 });
  const { bufferedAmount } = await trial.first("disconnected");
  expect(bufferedAmount).toBeGreaterThan(1_048_576);
  await trial.cure(() => proxy.flow());
  await trial.again();
  const verdict = await trial.conclude(place, "a stall with full buffers");
  expect(verdict.unknown).toBeGreaterThan(4);
  expect(verdict.buffered).toBe(bufferedAmount);
});

test("a reset is told with its code and dialled again", async () => {
  const { proxy, trial } = await proxied();
  trial.send(10);
  await trial.fault(() => proxy.reset());
  trial.send(10);
  await trial.lost({ name: "ConnectionLostError", close: 1006, because: "ECONNRESET" });
  await trial.again();
  const verdict = await trial.conclude(place, "a reset");
  expect(verdict.reported).toBe(0);
});

test("a half-closed connection is lost, not left open in one direction", async () => {
  const { proxy, trial } = await proxied();
  await trial.fault(() => proxy.halfClose());
  await trial.lost({ name: "ConnectionLostError", close: 1006 });
  trial.send(10);
  await trial.again();
  const verdict = await trial.conclude(place, "half-close by the server");
  expect(verdict.received).toBe(verdict.accepted);
});

test("half a frame is no message, and a loss", async () => {
  const { server, proxy, trial } = await proxied();
  await trial.fault(() => proxy.truncate("down", 5));
  server.send("cut short somewhere");
  await trial.lost({ name: "ConnectionLostError", close: 1006 });
  await trial.again();
  const verdict = await trial.conclude(place, "a frame to the client cut short");
  expect(verdict.received).toBe(verdict.accepted);
});

test("of messages cut short on their way the fate is unknown, and they are not sent again", async () => {
  const { proxy, trial } = await proxied();
  await trial.fault(() => proxy.truncate("up", 5));
  trial.send(3);
  await trial.lost({ name: "ConnectionLostError", close: 1006 });
  trial.send(3);
  await trial.again();
  const verdict = await trial.conclude(place, "a frame to the server cut short");
  expect(verdict.unknown).toBe(3);
  expect(verdict.received).toBe(verdict.accepted - 3);
});

test("refused dials are retried, and the queue waits", async () => {
  const { proxy, trial } = await proxied();
  await trial.fault(() => proxy.refuse());
  await trial.first("disconnected");
  trial.send(100);
  for (let dials = 0; dials < 3; dials++) {
    const { attempt } = await trial.first("connecting", (told) => told.attempt > dials);
    expect(attempt).toBe(dials + 1);
  }
  await trial.failed({ name: "ConnectError", phase: "tcp", because: "ECONNREFUSED" });
  await trial.cure(() => proxy.accept());
  await trial.again();
  const verdict = await trial.conclude(place, "refused dials");
  expect(verdict.received).toBe(verdict.accepted);
});

test("dials that are accepted and cut are retried, each failing in the opening handshake", async () => {
  const { server, trial } = await proxied();
  await trial.fault(() => server.kill("SIGKILL"));
  await trial.first("disconnected");
  trial.send(10);
  await trial.failed({ name: "ConnectError", phase: "upgrade", because: "ECONNRESET" });
  await trial.cure(() => server.start());
  await trial.again();
  const verdict = await trial.conclude(place, "dials accepted and cut");
  expect(verdict.received).toBe(verdict.accepted);
});
