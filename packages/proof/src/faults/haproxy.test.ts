import { describe, expect, test } from "vitest";
import { CertificateMaker } from "./certificates.ts";
import type { TrialOptions } from "./clients.ts";
import { fronted, reload, sufferAbsence, sufferIdleTimeout, sufferRetryAfter } from "./front.ts";
import type { Fronted } from "./front.ts";
import { haproxy } from "./haproxy.ts";
import type { HaproxyOptions } from "./haproxy.ts";
import { findProgram } from "./programs.ts";
import type { Told } from "./told.ts";

const place = "haproxy";
const program = findProgram("haproxy", "The client behind haproxy is");
const openssl = findProgram("openssl", "A client certificate that haproxy refuses is");

const behind = (settings: HaproxyOptions = {}, options: TrialOptions = {}): Promise<Fronted> =>
  fronted((target) => haproxy(String(program), target, settings), options);

describe.skipIf(program === undefined)("behind haproxy", () => {
  test("a reload cuts the connection, and the next one goes to the new process", async () => {
    const all = await behind();
    await reload(all);
    await all.trial.again();
    const verdict = await all.trial.conclude(place, "reload (-sf)");
    expect(verdict.reported).toBe(0);
  });

  test("its idle timeout cuts a silent connection", async () => {
    await sufferIdleTimeout(await behind({ rules: "timeout client 1s" }), place, "idle timeout");
  });

  test("503 while the server behind is away", async () => {
    await sufferAbsence(await behind(), 503, place, "503, the server behind is away");
  });

  test("429 with Retry-After is waited for as long as it asks", async () => {
    const rules = "http-request return status 429 hdr Retry-After 1";
    await sufferRetryAfter(await behind(), rules, 429, place, "429 with Retry-After");
  });

  test("401 with fixed credentials is final at once; the error does not hold them", async () => {
    const all = await behind({ user: "alice:wrong-password" });
    const { front, trial } = all;
    await reload(all, "http-request auth unless { http_auth(users) }");
    await trial.gaveUp({ name: "ConnectError", phase: "upgrade", status: 401 });
    expect(JSON.stringify(trial.told.items)).not.toContain("wrong-password");
    const isRefusal = (told: Told): boolean => told.type === "error" && told.cause.status === 401;
    expect(trial.told.items.some(isRefusal)).toBe(false);
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
      let shown = us;
      const tls = { ...make.certificate("server", { issuer: ca }), ca: ca.cert };
      const transport = { tls: () => ({ ca: ca.cert, ...shown }) };
      const { server, trial } = await behind({ tls }, { transport });
      await trial.fault(() => {
        shown = stranger;
        server.drop();
      });
      await trial.lost({ name: "ConnectionLostError", close: 1006 });
      trial.send(5);
      const { message } = await trial.gaveUp({ name: "ConnectError", phase: "tls" });
      expect(message).toContain("set tls.cert and tls.key, or tls.pfx");
      await trial.cure(() => (shown = us));
      await trial.subject.connect();
      await trial.again();
      const verdict = await trial.conclude("TLS", "unknown client certificate, refused by haproxy");
      expect(verdict.reported).toBe(5);
    },
  );
});
