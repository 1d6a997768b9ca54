import { describe, expect, test } from "vitest";
import { begin } from "./clients.ts";
import { warnMissing } from "./programs.ts";
import { ServerProcess } from "./server.ts";

const place = "The server's process";
const hasSignals = process.platform !== "win32";
if (!hasSignals) warnMissing("SIGTERM, SIGSTOP and SIGCONT are", "Windows has no such signals");

test("SIGKILL: the loss is told at once, and the queue waits for the next server", async () => {
  const server = await ServerProcess.start();
  const trial = await begin(server);
  trial.send(50);
  await trial.fault(() => server.kill("SIGKILL"));
  await trial.lost({ name: "ConnectionLostError", close: 1006 });
  trial.send(10);
  trial.send(10, { wait: true });
  await trial.failed({ name: "ConnectError", phase: "tcp", because: "ECONNREFUSED" });
  await trial.cure(() => server.start());
  await trial.again();
  const verdict = await trial.conclude(place, "SIGKILL");
  expect(verdict.accepted).toBe(72);
  expect(verdict.received).toBeGreaterThanOrEqual(22);
  expect(verdict.reported).toBe(0);
});

describe.skipIf(!hasSignals)("where there are signals", () => {
  test("SIGTERM: a server that says that it goes away is dialled again", async () => {
    const server = await ServerProcess.start();
    const trial = await begin(server);
    trial.send(10);
    await trial.fault(() => server.kill("SIGTERM"));
    await trial.lost({ name: "ConnectionLostError", close: 1001 });
    trial.send(10);
    await trial.cure(() => server.start());
    await trial.again();
    const verdict = await trial.conclude(place, "SIGTERM");
    expect(verdict.accepted).toBe(22);
    expect(verdict.reported).toBe(0);
  });

  test("SIGSTOP: a heartbeat finds the frozen server, dials time out until it goes on", async () => {
    const server = await ServerProcess.start();
    const trial = await begin(server, {
      connectTimeout: 1_000,
      heartbeat: { interval: 500, timeout: 500 },
    });
    await trial.fault(() => server.signal("SIGSTOP"));
    trial.send(10);
    await trial.lost({ name: "IdleTimeoutError", close: 1006 });
    trial.send(10);
    const late = await trial.failed({ name: "ConnectTimeoutError", phase: "upgrade" });
    expect(late.message).toContain("took more than 1000 ms");
    await trial.cure(() => server.signal("SIGCONT"));
    await trial.again();
    const verdict = await trial.conclude(place, "SIGSTOP, then SIGCONT");
    // The frozen server's kernel had taken what was sent, and it reads on.
    expect(verdict.received).toBe(verdict.accepted);
  });

  test("a short SIGSTOP is nothing but a delay", async () => {
    const server = await ServerProcess.start();
    const trial = await begin(server, { heartbeat: { interval: 100, timeout: 30_000 } });
    await trial.fault(() => server.signal("SIGSTOP"));
    trial.send(10);
    await trial.cure(() => server.signal("SIGCONT"));
    await trial.settle();
    const verdict = await trial.conclude(place, "a short SIGSTOP");
    expect(trial.told.items.filter(({ type }) => type === "disconnected")).toHaveLength(1);
    expect(verdict.received).toBe(verdict.accepted);
  });
});
