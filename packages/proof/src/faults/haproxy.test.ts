import { describe, expect, test } from "vitest";
import { CertificateMaker } from "./certificates.ts";
import { begin } from "./clients.ts";
import type { TrialOptions } from "./clients.ts";
import { haproxy } from "./haproxy.ts";
import type { Haproxy } from "./haproxy.ts";
import { findProgram } from "./programs.ts";
import { ServerProcess } from "./server.ts";
import type { Told } from "./told.ts";
import type { Trial } from "./trial.ts";

const place = "haproxy";
const program = findProgram("haproxy", "The client behind haproxy is");
const openssl = findProgram("openssl", "A client certificate that haproxy refuses is");
const lost = { name: "ConnectionLostError", close: 1006, retryable: true };

async function fronted(
  rules = "",
  options: TrialOptions = {},
): Promise<{ server: ServerProcess; front: Haproxy; trial: Trial }> {
  const server = await ServerProcess.start();
  const front = await haproxy(String(program), server.port, { rules });
  const trial = await begin(server, { url: front.url, ...options });
  return { server, front, trial };
}

/** Cuts the connection by a reload, and has messages in the queue before the next dial. */
async function reload(trial: Trial, front: Haproxy, rules: string): Promise<void> {
  const reloaded = trial.fault(() => front.reload(rules));
  expect((await trial.first("disconnected")).cause).toMatchObject(lost);
  trial.send(10);
  await reloaded;
}

describe.skipIf(program === undefined)("behind haproxy", () => {
  test("a reload cuts the connection, and the next one goes to the new process", async () => {
    const { front, trial } = await fronted();
    await reload(trial, front, "");
    await trial.again();
    const verdict = await trial.conclude(place, "reload (-sf)");
    expect(verdict.received).toBe(verdict.accepted);
  });

  test("its idle timeout cuts a silent connection", async () => {
    const { trial } = await fronted("timeout client 1s");
    await trial.fault(() => {});
    expect((await trial.first("disconnected")).cause).toMatchObject(lost);
    await trial.again();
    const verdict = await trial.conclude(place, "idle timeout");
    expect(verdict.received).toBe(verdict.accepted);
  });

  test("503 while the server behind is away", async () => {
    const { server, trial } = await fronted();
    await trial.fault(() => server.kill("SIGKILL"));
    expect((await trial.first("disconnected")).cause).toMatchObject(lost);
    trial.send(10);
    const { cause } = await trial.first("error");
    expect(cause).toMatchObject({
      name: "ConnectError",
      phase: "upgrade",
      status: 503,
      retryable: true,
    });
    await trial.cure(() => server.start());
    await trial.again();
    const verdict = await trial.conclude(place, "503, the server behind is away");
    expect(verdict.received).toBe(verdict.accepted);
  });

  test("429 with Retry-After is waited for as long as it asks", async () => {
    const { front, trial } = await fronted();
    await reload(trial, front, "http-request return status 429 hdr Retry-After 2");
    const { cause } = await trial.first("error");
    expect(cause).toMatchObject({
      phase: "upgrade",
      status: 429,
      retryAfter: 2_000,
      retryable: true,
    });
    // The strategy alone would wait for a second at most.
    const { delay } = await trial.first("reconnectScheduled", (told) => told.delay > 1_000);
    expect(delay).toBe(2_000);
    await trial.cure(() => front.reload(""));
    await trial.again();
    const verdict = await trial.conclude(place, "429 with Retry-After");
    expect(verdict.received).toBe(verdict.accepted);
  });

  test("401 with fixed credentials is final at once; the error does not hold them", async () => {
    const server = await ServerProcess.start();
    const front = await haproxy(String(program), server.port);
    const url = front.url.replace("//", "//alice:wrong-password@");
    const trial = await begin(server, { url });
    await reload(trial, front, "http-request auth unless { http_auth(users) }");
    const { cause } = await trial.first("fatal");
    expect(cause).toMatchObject({
      name: "ConnectError",
      phase: "upgrade",
      status: 401,
      retryable: false,
    });
    expect(JSON.stringify(trial.told.items)).not.toContain("wrong-password");
    const isRefusal = (told: Told): boolean => told.type === "error" && told.cause.status === 401;
    expect(trial.told.items.some(isRefusal)).toBe(false);
    const { numbers } = await trial.first("dropped");
    expect(numbers).toHaveLength(10);
    await trial.cure(() => front.reload(""));
    await trial.subject.connect();
    await trial.again();
    const verdict = await trial.conclude(place, "401");
    expect(verdict.reported).toBe(10);
  });

  test.skipIf(openssl === undefined)(
    "a client certificate of an authority that it does not know is refused for good",
    async () => {
      const make = new CertificateMaker(String(openssl));
      const ca = make.authority("our authority");
      const us = make.certificate("client", { issuer: ca });
      const stranger = make.certificate("client", { issuer: make.authority("another authority") });
      const server = await ServerProcess.start();
      const identity = make.certificate("server", { issuer: ca });
      const tls = { ...identity, ca: ca.cert };
      const front = await haproxy(String(program), server.port, { tls });
      let shown = us;
      const trial = await begin(server, {
        url: front.url,
        transport: { tls: () => ({ ca: ca.cert, ...shown }) },
      });
      await trial.fault(() => {
        shown = stranger;
        server.drop();
      });
      await trial.first("disconnected");
      trial.send(5);
      const { cause } = await trial.first("fatal");
      expect(cause).toMatchObject({ name: "ConnectError", phase: "tls", retryable: false });
      expect(cause.message).toContain("set tls.cert and tls.key, or tls.pfx");
      await trial.cure(() => (shown = us));
      await trial.subject.connect();
      await trial.again();
      const verdict = await trial.conclude("TLS", "unknown client certificate, refused by haproxy");
      expect(verdict.reported).toBe(5);
    },
  );
});
