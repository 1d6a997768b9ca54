import { describe, expect, test } from "vitest";
import { begin } from "./clients.ts";
import { findProgram } from "./programs.ts";
import { ServerProcess } from "./server.ts";
import { tinyproxy } from "./tinyproxy.ts";
import type { Tinyproxy } from "./tinyproxy.ts";
import type { Trial } from "./trial.ts";

const place = "An HTTP CONNECT proxy (tinyproxy)";
const program = findProgram("tinyproxy", "The client behind an HTTP CONNECT proxy is");

/** A client that is connected through a proxy that wants "first-password". */
async function tunnelled(
  proxyUrl: (port: number) => string | (() => string),
): Promise<{ proxy: Tinyproxy; trial: Trial }> {
  const server = await ServerProcess.start();
  const proxy = await tinyproxy(String(program));
  await proxy.start("first-password");
  const trial = await begin(server, { transport: { proxy: proxyUrl(proxy.port) } });
  return { proxy, trial };
}

/** Cuts the connection, has messages in the queue, and lets dials find the proxy with another password. */
async function changePassword(trial: Trial, proxy: Tinyproxy): Promise<void> {
  const changed = trial.fault(async () => {
    await proxy.kill();
    await proxy.start("second-password");
  });
  await trial.first("disconnected");
  trial.send(10);
  await changed;
}

describe.skipIf(program === undefined)("through tinyproxy", () => {
  test("right credentials open the tunnel, again after the proxy was away", async () => {
    const { proxy, trial } = await tunnelled(
      (port) => `http://alice:first-password@127.0.0.1:${port}`,
    );
    await trial.fault(() => proxy.kill());
    await trial.lost({ name: "ConnectionLostError", close: 1006 });
    trial.send(10);
    const { message } = await trial.failed({ phase: "tcp", because: "ECONNREFUSED" });
    expect(message).toContain(`through the proxy http://127.0.0.1:${proxy.port}`);
    await trial.cure(() => proxy.start("first-password"));
    await trial.again();
    const verdict = await trial.conclude(place, "proxy killed and started again");
    expect(verdict.received).toBe(verdict.accepted);
    expect(JSON.stringify(trial.told.items)).not.toContain("first-password");
  });

  test("wrong credentials are final; the error names the proxy and what to set", async () => {
    const { proxy, trial } = await tunnelled(
      (port) => `http://alice:first-password@127.0.0.1:${port}`,
    );
    await changePassword(trial, proxy);
    const { message } = await trial.gaveUp({ name: "ConnectError", phase: "upgrade", status: 401 });
    expect(message).toContain(`through the proxy http://127.0.0.1:${proxy.port}`);
    expect(message).toContain("the proxy answered HTTP 401");
    expect(message).toContain("set user and password in option proxy");
    expect(JSON.stringify(trial.told.items)).not.toContain("first-password");
    await trial.cure(async () => {
      await proxy.kill();
      await proxy.start("first-password");
    });
    await trial.subject.connect();
    await trial.again();
    const verdict = await trial.conclude(place, "wrong credentials");
    expect(verdict.reported).toBe(10);
  });

  test("a function that gives other credentials gets over a refusal", async () => {
    let password = "first-password";
    const { proxy, trial } = await tunnelled(
      (port) => () => `http://alice:${password}@127.0.0.1:${port}`,
    );
    void trial
      .first("error", ({ cause }) => cause.status === 401)
      .then(() => {
        password = "second-password";
      });
    await changePassword(trial, proxy);
    await trial.again();
    const verdict = await trial.conclude(place, "wrong credentials, right ones from a function");
    expect(verdict.received).toBe(verdict.accepted);
  });

  test("a function that gives credentials after all gets over a refusal for want of them", async () => {
    let credentials = "alice:first-password@";
    const { proxy, trial } = await tunnelled(
      (port) => () => `http://${credentials}127.0.0.1:${port}`,
    );
    void trial
      .first("error", ({ cause }) => cause.status === 407)
      .then(() => {
        credentials = "alice:second-password@";
      });
    // tinyproxy answers wrong credentials with 401, and none with 407.
    credentials = "";
    await changePassword(trial, proxy);
    await trial.again();
    const verdict = await trial.conclude(place, "no credentials, right ones from a function");
    expect(verdict.received).toBe(verdict.accepted);
  });
});
