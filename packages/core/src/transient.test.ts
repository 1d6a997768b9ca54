import { describe, expect, test } from "vitest";
import * as core from "./index.ts";
import type { DisconnectCause } from "./index.ts";

describe("isTransient", () => {
  const lost = (code: number): DisconnectCause =>
    new core.ConnectionLostError({ code, reason: "", wasClean: true });
  const answered = (status: number): DisconnectCause =>
    new core.ConnectError("a", { phase: "upgrade", status });

  test.each(["options", "url", "dns", "tcp", "tls", "unknown"] as const)(
    "retries a dial that failed in phase %s",
    (phase) => {
      expect(core.isTransient(new core.ConnectError("a", { phase }))).toBe(true);
    },
  );

  test("does not retry what the transport knows to be final, such as a refused certificate", () => {
    const error = new core.ConnectError("a", { phase: "tls", retryable: false });
    expect(core.isTransient(error)).toBe(false);
  });

  test.each([408, 425, 429, 500, 502, 503, 504, 599])("retries HTTP %d", (status) => {
    expect(core.isTransient(answered(status))).toBe(true);
  });
  test.each([200, 301, 302, 400, 401, 403, 404, 407, 426, 428, 499, 600])(
    "does not retry HTTP %d",
    (status) => {
      expect(core.isTransient(answered(status))).toBe(false);
    },
  );

  test.each([1000, 1001, 1004, 1005, 1006, 1011, 1012, 1013, 1014, 3000, 4000, 4400, 4402, 4404])(
    "retries close code %d",
    (code) => {
      expect(core.isTransient(lost(code))).toBe(true);
    },
  );
  test.each([1002, 1003, 1007, 1008, 1009, 1010, 1015, 4401, 4403])(
    "does not retry close code %d",
    (code) => {
      expect(core.isTransient(lost(code))).toBe(false);
    },
  );

  test("retries timeouts, failed handshakes, silence and faults of plugins", () => {
    const silent = new core.IdleTimeoutError(
      { code: 1002, reason: "", wasClean: false },
      "Silence",
    );
    for (const error of [
      new core.ConnectTimeoutError("a", { phase: "unknown" }),
      new core.HandshakeError("a"),
      new core.HandshakeTimeoutError("a"),
      silent,
      new core.PluginError("a", "b", {}),
    ]) {
      expect(core.isTransient(error)).toBe(true);
    }
  });

  test("does not retry a handshake that the server refused", () => {
    expect(core.isTransient(new core.HandshakeRejectedError("a"))).toBe(false);
  });
});
