import { describe, expect, test } from "vitest";
import type { TrialOptions } from "./clients.ts";
import { fronted, reload, sufferAbsence, sufferIdleTimeout, sufferRetryAfter } from "./front.ts";
import type { Fronted } from "./front.ts";
import { nginx } from "./nginx.ts";
import { findProgram } from "./programs.ts";

const place = "nginx";
const program = findProgram("nginx", "The client behind nginx is");

const behind = (rules = "", options: TrialOptions = {}): Promise<Fronted> =>
  fronted((target) => nginx(String(program), target, rules), options);

describe.skipIf(program === undefined)("behind nginx", () => {
  test("a reload cuts the connection, and the next one goes to the new process", async () => {
    const all = await behind();
    await reload(all);
    await all.trial.again();
    const verdict = await all.trial.conclude(place, "reload");
    expect(verdict.reported).toBe(0);
  });

  test("its idle timeout cuts a silent connection", async () => {
    await sufferIdleTimeout(await behind("proxy_read_timeout 1s;"), place, "idle timeout");
  });

  test("a heartbeat below its idle timeout keeps the connection", async () => {
    const { server, trial } = await behind("proxy_read_timeout 3s;", {
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
    await sufferAbsence(await behind(), 502, place, "502, the server behind is away");
  });

  test.each([
    [503, "503 with Retry-After"],
    [429, "429 with Retry-After"],
  ] as const)("%d with Retry-After is waited for as long as it asks", async (status, fault) => {
    const rules = `add_header Retry-After 1 always; return ${status};`;
    await sufferRetryAfter(await behind(), rules, status, place, fault);
  });

  describe("that wants another token from now on", () => {
    const rules = `if ($http_authorization != "Bearer new") { return 401 "no"; }`;

    test("401 with credentials that stay wrong is final, until the application has others", async () => {
      let token = "old";
      const headers = (): Record<string, string> => ({ authorization: `Bearer ${token}` });
      const all = await behind("", { transport: { headers } });
      const { trial } = all;
      await reload(all, rules);
      await trial.gaveUp({ name: "ConnectError", phase: "upgrade", status: 401 });
      // Asked once more for fresh credentials, and no more.
      const refusals = trial.told.items.filter(
        (told) => told.type === "error" && told.cause.status === 401,
      );
      expect(refusals).toHaveLength(1);
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
      const all = await behind("", { transport: { headers } });
      const { trial } = all;
      void trial.first("error", ({ cause }) => cause.status === 401).then(() => (token = "new"));
      await reload(all, rules);
      await trial.again();
      expect(trial.told.items.some(({ type }) => type === "fatal")).toBe(false);
      const verdict = await trial.conclude(place, "401, fresh credentials from a function");
      expect(verdict.received).toBe(verdict.accepted);
    });
  });
});
