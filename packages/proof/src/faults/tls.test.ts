import type { TlsOptions } from "@stream-tungstenite/transport-node";
import { describe, expect, test } from "vitest";
import { CertificateMaker } from "./certificates.ts";
import { begin } from "./clients.ts";
import { findProgram } from "./programs.ts";
import { ServerProcess } from "./server.ts";
import type { ServerTls } from "./server.ts";
import type { Cause } from "./told.ts";
import type { Trial } from "./trial.ts";

const place = "TLS";
const openssl = findProgram("openssl", "TLS with certificates of all kinds is");

/** A client whose `tls` may be changed between attempts, connected to a server whose certificate may be. */
async function secured(
  tls: ServerTls,
  options: TlsOptions,
): Promise<{ server: ServerProcess; trial: Trial; set: (options: TlsOptions) => void }> {
  const server = await ServerProcess.start({ tls });
  let now = options;
  const trial = await begin(server, { transport: { tls: () => now } });
  return { server, trial, set: (next) => void (now = next) };
}

/** The connection is cut after the fault; the next dial fails for good, and the queue is told as dropped. */
async function refused(trial: Trial, server: ServerProcess, act: () => unknown): Promise<Cause> {
  await trial.fault(async () => {
    await act();
    server.drop();
  });
  await trial.lost({ name: "ConnectionLostError", close: 1006 });
  trial.send(3);
  trial.send(2, { wait: true });
  const cause = await trial.gaveUp({ name: "ConnectError", phase: "tls" });
  // What cannot be cured by trying is tried once.
  expect(trial.told.items.some(({ type }) => type === "error")).toBe(false);
  return cause;
}

async function cured(trial: Trial, act: () => unknown): Promise<void> {
  await trial.cure(act);
  await trial.subject.connect();
  await trial.again();
}

describe.skipIf(openssl === undefined)("over TLS", () => {
  const maker = (): CertificateMaker => new CertificateMaker(String(openssl));

  test("an authority of one's own is refused unless tls.ca names it", async () => {
    const make = maker();
    const ca = make.authority("our authority");
    const { server, trial, set } = await secured(make.certificate("server", { issuer: ca }), {
      ca: ca.cert,
    });
    const cause = await refused(trial, server, () => set({}));
    expect(cause.because).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    expect(cause.message).toContain("set tls.ca or tls.roots");
    await cured(trial, () => set({ ca: ca.cert }));
    const verdict = await trial.conclude(place, "own CA, not trusted");
    expect(verdict.reported).toBe(5);
  });

  test("an expired certificate is refused until the server has renewed it", async () => {
    const make = maker();
    const ca = make.authority("our authority");
    const good = make.certificate("server", { issuer: ca });
    const { server, trial } = await secured(good, { ca: ca.cert });
    const old = make.certificate("server", { issuer: ca, days: -1 });
    const cause = await refused(trial, server, () => server.certify(old));
    expect(cause.because).toBe("CERT_HAS_EXPIRED");
    expect(cause.message).toContain("the server must renew it");
    await cured(trial, () => server.certify(good));
    const verdict = await trial.conclude(place, "expired certificate");
    expect(verdict.reported).toBe(5);
  });

  test("a certificate of another host is refused unless tls.servername expects it", async () => {
    const make = maker();
    const ca = make.authority("our authority");
    const { server, trial, set } = await secured(make.certificate("server", { issuer: ca }), {
      ca: ca.cert,
    });
    const other = make.certificate("other", { issuer: ca, host: "DNS:feed.test" });
    const cause = await refused(trial, server, () => server.certify(other));
    expect(cause.because).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(cause.message).toContain("use a name the certificate holds, or set tls.servername");
    await cured(trial, () => set({ ca: ca.cert, servername: "feed.test" }));
    const verdict = await trial.conclude(place, "certificate of another host");
    expect(verdict.reported).toBe(5);
  });

  test("a self-signed certificate is refused unless tls.ca is that certificate", async () => {
    const make = maker();
    const ca = make.authority("our authority");
    const good = make.certificate("server", { issuer: ca });
    const { server, trial, set } = await secured(good, { ca: ca.cert });
    const own = make.certificate("nobody");
    const cause = await refused(trial, server, () => server.certify(own));
    expect(cause.because).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
    expect(cause.message).toContain("set tls.ca or tls.roots");
    await cured(trial, () => set({ ca: own.cert }));
    const verdict = await trial.conclude(place, "self-signed certificate");
    expect(verdict.reported).toBe(5);
  });

  test.each(["PEM", "PKCS#12"] as const)(
    "a server that wants to know who we are refuses us until we show a certificate by %s",
    async (form) => {
      const make = maker();
      const ca = make.authority("our authority");
      const us = make.certificate("client", { issuer: ca });
      const shown: TlsOptions =
        form === "PEM"
          ? { ca: ca.cert, ...us }
          : { ca: ca.cert, pfx: make.pkcs12(us, "sesame"), passphrase: "sesame" };
      const identity = make.certificate("server", { issuer: ca });
      const { server, trial, set } = await secured({ ...identity, ca: ca.cert }, shown);
      const cause = await refused(trial, server, () => set({ ca: ca.cert }));
      expect(cause.because).toMatch(/CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/);
      expect(cause.message).toContain("set tls.cert and tls.key, or tls.pfx");
      await cured(trial, () => set(shown));
      const verdict = await trial.conclude(place, `no client certificate, then one by ${form}`);
      expect(verdict.reported).toBe(5);
    },
  );

  test("a client certificate that the server cuts without a word is tried again", async () => {
    const make = maker();
    const ca = make.authority("our authority");
    const us = make.certificate("client", { issuer: ca });
    const stranger = make.certificate("client", { issuer: make.authority("another authority") });
    const identity = make.certificate("server", { issuer: ca });
    const { server, trial, set } = await secured(
      { ...identity, ca: ca.cert },
      { ca: ca.cert, ...us },
    );
    await trial.fault(() => {
      set({ ca: ca.cert, ...stranger });
      server.drop();
    });
    await trial.lost({ name: "ConnectionLostError", close: 1006 });
    trial.send(5);
    // Node looks at the certificate after TLS has come to its end: nothing says why it hangs up.
    await trial.failed({ name: "ConnectError", phase: "upgrade", because: "ECONNRESET" });
    await trial.cure(() => set({ ca: ca.cert, ...us }));
    await trial.again();
    const verdict = await trial.conclude(place, "unknown client certificate, cut by Node");
    expect(verdict.received).toBe(verdict.accepted);
  });
});
