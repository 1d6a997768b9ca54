import { launch, type Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quiet } from "../engines/chromium-flags.ts";
import { engines, programsOf } from "../engines/installed.ts";
import { moveClock } from "./moved-clock.ts";
import { pageServer, type PageServer } from "./page-server.ts";
import { openTab, type Tab } from "./tab.ts";

const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
const chromium = engines.find(({ name }) => name === "chromium")!;
const executablePath = programsOf(chromium)?.["browser"];
if (executablePath === undefined) {
  console.warn(
    `\nNOT TESTED: offline, freeze, resume and history navigation in Chromium, which cannot be found. ` +
      `To get it: ${chromium.install}.\n`,
  );
}

describe.skipIf(executablePath === undefined)("environment() in Chromium", () => {
  let browser: Browser;
  let pages: PageServer;
  beforeAll(async () => {
    [browser, pages] = await Promise.all([
      launch({ executablePath: executablePath!, args: [...quiet] }),
      pageServer(),
    ]);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
  });

  const tab = (): Promise<Tab> => openTab(browser, pages);
  /** Cuts off the network for real: for the page's requests, its WebSocket and `navigator.onLine`. */
  const cutOff = ({ devtools }: Tab, offline: boolean): Promise<void> =>
    devtools.send("Network.emulateNetworkConditions", { offline, ...unlimited });
  /** Changes what `navigator.onLine` says, and nothing else. */
  const hint = ({ devtools }: Tab, offline: boolean): Promise<void> =>
    devtools.send("Network.overrideNetworkState", { offline, ...unlimited });
  const lifecycle = ({ devtools }: Tab, state: "frozen" | "active"): Promise<void> =>
    devtools.send("Page.setWebLifecycleState", { state });

  describe("offline", () => {
    test("loses the connection by its heartbeat, tries now and then, and comes back once online", async () => {
      await using here = await tab();
      await here.open({ interval: "600", patience: "200" });
      await here.until("connected");
      await here.server.nextPeer();
      await cutOff(here, true);
      expect(await here.until("offline")).toMatchObject({ status: "connected", isOnline: false });
      expect(await here.until("disconnected")).toMatchObject({ cause: "IDLE_TIMEOUT" });
      for (let attempt = 1; attempt <= 2; attempt++) {
        expect((await here.until("waiting")).delay).toBeGreaterThanOrEqual(300);
        expect(await here.until("connecting")).toEqual({ what: "connecting", attempt });
        await here.until("error");
      }
      await cutOff(here, false);
      await here.until("online");
      expect(await here.until("connected")).toMatchObject({ reconnects: 1 });
      await here.server.nextPeer();
    });

    test("asks a live connection for a sign of life, and keeps it when the hint was wrong", async () => {
      await using here = await tab();
      await here.open({ interval: "200" });
      const peer = await here.server.nextPeer();
      await here.until("connected");
      await hint(here, true);
      expect(await here.until("offline")).toMatchObject({ status: "connected", isOnline: false });
      expect(await peer.next()).toBe("ping");
      await peer.send("pong");
      await peer.send("The answer is there");
      await here.until("message");
      await hint(here, false);
      await here.until("online");
      expect(await peer.next()).toBe("ping");
      expect(here.reports.map(({ what }) => what)).not.toContain("disconnected");
    });

    test("connects although the platform says that there is no network", async () => {
      await using here = await tab();
      await here.open({ interval: "200" });
      const peer = await here.server.nextPeer();
      await here.until("connected");
      await hint(here, true);
      await here.until("offline");
      await peer.drop();
      expect((await here.until("waiting")).delay).toBeGreaterThanOrEqual(100);
      await here.until("connected");
      expect(await here.run(({ navigator }) => navigator.onLine)).toBe(false);
    });

    test("dials within a second of online, whatever there is still to wait", async () => {
      await using here = await tab();
      await here.open({ interval: "3600000" });
      const peer = await here.server.nextPeer();
      await here.until("connected");
      await hint(here, true);
      await here.until("offline");
      await peer.drop();
      expect((await here.until("waiting")).delay).toBeGreaterThanOrEqual(1_800_000);
      await hint(here, false);
      expect(await here.until("online")).toMatchObject({ status: "waiting" });
      expect(await here.until("connecting")).toMatchObject({ attempt: 0 });
      await here.until("connected");
    });
  });

  describe("frozen and resumed", () => {
    test("finds the connection that Chromium cut, and comes back", async () => {
      await using here = await tab();
      await here.open();
      const peer = await here.server.nextPeer();
      await here.until("connected");
      // Chromium drops a frozen page's sockets, and tells neither the page nor the server before it resumes.
      await lifecycle(here, "frozen");
      expect(await here.until("freeze")).toMatchObject({ status: "connected" });
      await lifecycle(here, "active");
      expect(await here.until("resume")).toMatchObject({ status: "connected" });
      expect(await here.until("disconnected")).toMatchObject({ willRetry: true });
      expect(await here.until("connected")).toMatchObject({ reconnects: 1 });
      expect(await peer.closed()).toMatchObject({ code: 1001 });
      await here.server.nextPeer();
    });

    test("makes at once the attempt that is overdue by the clock", async () => {
      await using here = await tab();
      await here.open({ interval: "3600000" });
      const peer = await here.server.nextPeer();
      await here.until("connected");
      await hint(here, true);
      await here.until("offline");
      await peer.drop();
      await here.until("waiting");
      await lifecycle(here, "frozen");
      await here.until("freeze");
      // As after a sleep of two hours.
      await here.run(moveClock);
      await lifecycle(here, "active");
      expect(await here.until("resume")).toMatchObject({ status: "connecting" });
      await here.until("connected");
    });

    test("asks for a sign of life when it is seen again", async () => {
      await using here = await tab();
      await here.open();
      const peer = await here.server.nextPeer();
      await here.until("connected");
      const front = await here.page.browserContext().newPage();
      await front.bringToFront();
      await here.until("visibilitychange");
      await here.page.bringToFront();
      await here.until("visibilitychange");
      expect(await peer.next()).toBe("ping");
    });
  });

  describe("history", () => {
    const visitAnother = async ({ page }: Tab): Promise<void> =>
      void (await page.goto(pages.other));
    /** Comes back to the very page that was left, not to a new one of the same address. */
    const comeBack = async (here: Tab): Promise<void> => {
      await here.page.goBack();
      expect(await here.until("pagehide")).toMatchObject({ persisted: true });
      expect(await here.until("pageshow")).toMatchObject({ persisted: true });
    };

    test("closes on the way into the back/forward cache and dials on the way out, without a failure", async () => {
      await using here = await tab();
      await here.open();
      const peer = await here.server.nextPeer();
      await here.until("connect() resolved");
      await visitAnother(here);
      expect(await peer.closed()).toEqual({ code: 1000, reason: "" });
      await comeBack(here);
      expect(await here.until("connected")).toMatchObject({ reconnects: 1 });
      const next = await here.server.nextPeer();
      await here.run(({ client }) => void client.send("back again"));
      expect(await next.next()).toBe("back again");
      const kinds = here.reports.map(({ what }) => what);
      expect(kinds.filter((what) => what === "disconnected")).toHaveLength(1);
      expect(here.reports).toContainEqual({ what: "disconnected", cause: null, willRetry: true });
      for (const what of ["error", "waiting", "run() resolved"]) expect(kinds).not.toContain(what);
    });

    test("takes that way again and again", async () => {
      await using here = await tab();
      await here.open();
      for (let trip = 0; trip < 3; trip++) {
        const peer = await here.server.nextPeer();
        expect(await here.until("connected")).toMatchObject({ reconnects: trip });
        await visitAnother(here);
        expect(await peer.closed()).toMatchObject({ code: 1000 });
        await comeBack(here);
      }
      await here.until("connected");
    });

    test("gives up a dial under way, and makes another for the same connect()", async () => {
      await using here = await tab();
      await here.server.answerNext({ type: "hold" });
      await here.open();
      await here.server.held();
      await visitAnother(here);
      await comeBack(here);
      await here.server.nextPeer();
      await here.until("connect() resolved");
      const kinds = here.reports.map(({ what }) => what);
      for (const what of ["error", "connect() rejected"]) expect(kinds).not.toContain(what);
    });

    test("gives up a wait, and dials at once", async () => {
      await using here = await tab();
      await here.open({ interval: "3600000" });
      const peer = await here.server.nextPeer();
      await here.until("connected");
      await hint(here, true);
      await here.until("offline");
      await peer.drop();
      await here.until("waiting");
      await visitAnother(here);
      await comeBack(here);
      expect(await here.until("connected")).toMatchObject({ reconnects: 1 });
    });

    test("leaves a client alone that was disconnected", async () => {
      await using here = await tab();
      await here.open();
      await here.until("connected");
      await here.run(({ client }) => client.disconnect());
      await visitAnother(here);
      await here.page.goBack();
      expect(await here.until("pagehide")).toMatchObject({ persisted: true, status: "idle" });
      expect(await here.until("pageshow")).toMatchObject({ persisted: true, status: "idle" });
    });

    test("without it the browser cuts the connection, and the client has a failure to recover from", async () => {
      await using here = await tab();
      await here.open({ plain: "" });
      const peer = await here.server.nextPeer();
      await here.until("connected");
      await visitAnother(here);
      await here.page.goBack();
      expect(await here.until("disconnected")).toMatchObject({ cause: "CONNECTION_LOST" });
      expect(await peer.closed()).toMatchObject({ code: 1001 });
      await here.until("waiting");
    });

    test("leaves the socket of a page that is not kept to the browser, which closes it", async () => {
      await using here = await tab();
      await here.open();
      const peer = await here.server.nextPeer();
      await here.until("connected");
      await here.page.close();
      expect(await peer.closed()).toMatchObject({ code: 1001 });
    });
  });
});
