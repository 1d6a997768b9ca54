import { describe, expect, test } from "vitest";
import { begin } from "./clients.ts";
import type { TrialOptions } from "./clients.ts";
import { nginx } from "./nginx.ts";
import type { Nginx } from "./nginx.ts";
import { findProgram } from "./programs.ts";
import { ServerProcess } from "./server.ts";
import type { Trial } from "./trial.ts";

const place = "nginx";
const program = findProgram("nginx", "The client behind nginx is");
const lost = { name: "ConnectionLostError", close: 1006, retryable: true };

async function fronted(
  location = "",
  options: TrialOptions = {},
): Promise<{ server: ServerProcess; front: Nginx; trial: Trial }> {
  const server = await ServerProcess.start();
  const front = await nginx(String(program), server.port, location);
  const trial = await begin(server, { url: front.url, ...options });
  return { server, front, trial };
}

/** Cuts the connection by a reload, and has messages in the queue before the next dial. */
async function reload(trial: Trial, front: Nginx, location: string): Promise<void> {
  const reloaded = trial.fault(() => front.reload(location));
  expect((await trial.first("disconnected")).cause).toMatchObject(lost);
  trial.send(10);
  await reloaded;
}

describe.skipIf(program === undefined)("behind nginx", () => {
  test("a reload cuts the connection, and the next one goes to the new process", async () => {
    const { front, trial } = await fronted();
    trial.send(10);
    await reload(trial, front, "");
    await trial.again();
    const verdict = await trial.conclude(place, "reload");
    expect(verdict.reported).toBe(0);
  });

  test("its idle timeout cuts a silent connection", async () => {
    const { trial } = await fronted("proxy_read_timeout 1s;");
    await trial.fault(() => {});
    expect((await trial.first("disconnected")).cause).toMatchObject(lost);
    await trial.again();
    const verdict = await trial.conclude(place, "idle timeout");
    expect(verdict.received).toBe(verdict.accepted);
  });

  test("a heartbeat below its idle timeout keeps the connection", async () => {
    const { server, trial } = await fronted("proxy_read_timeout 3s;", {
      heartbeat: { interval: 400, timeout: 60_000 },
    });
    await trial.fault(() => {});
    await server.pinged(10);
    expect(trial.told.items.some(({ type }) => type === "disconnected")).toBe(false);
    await trial.settle();
    const verdict = await trial.conclude(place, "idle timeout, with a heartbeat below it");
    expect(verdict.received).toBe(verdict.accepted);
  });

  test("502 while the server behind is away", async () => {
    const { server, trial } = await fronted();
    await trial.fault(() => server.kill("SIGKILL"));
    expect((await trial.first("disconnected")).cause).toMatchObject(lost);
    trial.send(10);
    const { cause } = await trial.first("error");
    expect(cause).toMatchObject({
      name: "ConnectError",
      phase: "upgrade",
      status: 502,
      retryable: true,
    });
    await trial.cure(() => server.start());
    await trial.again();
    const verdict = await trial.conclude(place, "502, the server behind is away");
    expect(verdict.received).toBe(verdict.accepted);
  });

  test.each([
    [503, "503 with Retry-After"],
    [429, "429 with Retry-After"],
  ] as const)("%d with Retry-After is waited for as long as it asks", async (status, fault) => {
    const { front, trial } = await fronted();
    await reload(trial, front, `add_header Retry-After 2 always; return ${status};`);
    const { cause } = await trial.first("error");
    expect(cause).toMatchObject({ phase: "upgrade", status, retryAfter: 2_000, retryable: true });
    // The strategy alone would wait for a second at most.
    const { delay } = await trial.first("reconnectScheduled", (told) => told.delay > 1_000);
    expect(delay).toBe(2_000);
    await trial.cure(() => front.reload(""));
    await trial.again();
    const verdict = await trial.conclude(place, fault);
    expect(verdict.received).toBe(verdict.accepted);
  });

  test("401 with credentials that stay wrong is final, until the application has others", async () => {
    let token = "old";
    const headers = (): Record<string, string> => ({ authorization: `Bearer ${token}` });
    const { front, trial } = await fronted("", { transport: { headers } });
    await reload(trial, front, `if ($http_authorization != "Bearer new") { return 401 "no"; }`);
    const { cause } = await trial.first("fatal");
    expect(cause).toMatchObject({
      name: "ConnectError",
      phase: "upgrade",
      status: 401,
      retryable: false,
    });
    // Asked once more for fresh credentials, and no more.
    const refusals = trial.told.items.filter(
      (told) => told.type === "error" && told.cause.status === 401,
    );
    expect(refusals).toHaveLength(1);
    const dropped = await trial.first("dropped");
    expect(dropped).toMatchObject({ reason: "closed" });
    expect(dropped.numbers).toHaveLength(10);
    await trial.cure(() => (token = "new"));
    await trial.subject.connect();
    await trial.again();
    const verdict = await trial.conclude(place, "401, credentials that stay wrong");
    expect(verdict.reported).toBe(10);
    expect(verdict.received).toBe(verdict.accepted - 10);
  });

  test("401 is got over by a function that gives fresh credentials", async () => {
    let token = "old";
    const headers = (): Record<string, string> => ({ authorization: `Bearer ${token}` });
    const { front, trial } = await fronted("", { transport: { headers } });
    void trial.first("error", ({ cause }) => cause.status === 401).then(() => (token = "new"));
    await reload(trial, front, `if ($http_authorization != "Bearer new") { return 401; }`);
    await trial.again();
    expect(trial.told.items.some(({ type }) => type === "fatal")).toBe(false);
    const verdict = await trial.conclude(place, "401, fresh credentials from a function");
    expect(verdict.received).toBe(verdict.accepted);
  });
});
