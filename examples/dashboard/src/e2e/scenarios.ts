import type { Browser } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { actions } from "../protocol.ts";
import type { DashboardServer } from "../server/dashboard-server.ts";
import { findBrowser, launchBrowser, missingBrowser, type BrowserName } from "./browsers.ts";
import { openDashboard, type DashboardPage, type Sight } from "./dashboard-page.ts";
import { buildPage, startServer, type BuiltPage } from "./stage.ts";

const isConnected = ({ title }: Sight): boolean => title === "Connected";
const hasDelayFor =
  (cause: string) =>
  ({ delays }: Sight): boolean =>
    delays.some((delay) => /^retry \d+ · [\d.]+ m?s · /.test(delay) && delay.endsWith(cause));

/** Presses every button in this browser, and looks at what comes of it. */
export function describeDashboard(name: BrowserName): void {
  const executable = findBrowser(name);
  if (executable === undefined) console.warn(`SKIPPED: ${missingBrowser(name)}`);
  const options = { concurrent: false, skip: executable === undefined };
  describe(`the dashboard in ${name}`, options, () => {
    let built: BuiltPage;
    let browser: Browser;
    let server: DashboardServer;
    let dashboard: DashboardPage;

    beforeAll(async () => {
      built = await buildPage();
      [browser, server] = await Promise.all([launchBrowser(name, executable!), startServer(built)]);
      dashboard = await openDashboard(browser, server.url);
    });
    afterAll(async () => {
      await browser?.close();
      await server?.stop();
      await built?.remove();
    });

    beforeEach(async () => {
      await dashboard.press("action-restore");
      await dashboard.sees(
        "a server that is well",
        ({ condition }) => condition === "server is well",
      );
      const { title, connectionVerb } = await dashboard.look();
      if (connectionVerb === "Connect") await dashboard.press("connection");
      else if (title !== "Connected") await dashboard.press("reconnect");
      await dashboard.sees("a connection", isConnected);
    });
    afterEach(() => {
      expect(dashboard.complaints).toEqual([]);
    });

    /** Presses a button that costs the connection, and sees the outage with this cause come. */
    const hurt = async (control: string, cause: string): Promise<Sight> => {
      const before = await dashboard.look();
      await dashboard.press(control);
      return dashboard.sees(
        `an outage, for: ${cause}`,
        (sight) =>
          hasDelayFor(cause)(sight) &&
          sight.outages.some((outage) => !before.outages.includes(outage)),
      );
    };
    /** Sees it come back by itself, on a connection after this one. */
    const recovered = (connections: number): Promise<Sight> =>
      dashboard.sees(
        "another connection",
        (sight) =>
          isConnected(sight) &&
          sight.connections > connections &&
          sight.spans.at(-1) === "connected" &&
          sight.spans.includes("waiting"),
      );

    it("shows a connection and fills the plots", async () => {
      const sight = await dashboard.sees(
        "plots, prices and receipts",
        ({ points, receipts, subscriptions, rate, roundTrip }) =>
          points.every((count) => count >= 2) &&
          receipts > 0 &&
          rate > 0 &&
          roundTrip > 0 &&
          subscriptions.every((row) => / live \d+\.\d\d$/.test(row)),
      );
      expect(sight.meaning).toBe("Connection 1, greeted and subscribed.");
      expect(sight.subscriptions).toHaveLength(3);
      expect(sight.spans).toEqual(["connecting", "connected"]);
      expect(sight.outages).toEqual([]);
      expect(sight.delays).toEqual([]);
    });

    it("comes back after a drop", async () => {
      const { connections } = await dashboard.look();
      await hurt("action-drop", "connection cut");
      const { story } = await recovered(connections);
      expect(story).toContainEqual(expect.stringMatching(/^Lost after .*: connection cut\.$/));
    });

    it("comes back after a restart", async () => {
      const { connections } = await dashboard.look();
      await dashboard.press("action-restart");
      await dashboard.sees("a restart", ({ condition }) => condition === "server is restarting");
      await dashboard.sees("its cause", hasDelayFor("closed with 1012, restarting"));
      await dashboard.sees("its end", ({ condition }) => condition === "server is well");
      await recovered(connections);
    });

    it("finds out that the server is silent", async () => {
      const { connections } = await dashboard.look();
      const { condition, pressed } = await hurt("action-silence", "no sign of life");
      expect(condition).toBe("server is silent");
      expect(pressed).toContain("action-silence");
      await dashboard.sees("a greeting without an answer", ({ title }) => title === "Greeting");
      await dashboard.press("action-restore");
      await dashboard.press("reconnect");
      const { pressed: after } = await recovered(connections);
      expect(after).not.toContain("action-silence");
    });

    it("waits while it is refused, and queues what there is to send", async () => {
      const { connections } = await dashboard.look();
      await hurt("action-refuse", "no connection");
      await dashboard.sees(
        "a queue, and nothing else",
        ({ condition, title, meaning, spans, subscriptions, rate, roundTrip, queued, fullCells }) =>
          condition === "server is refusing" &&
          title === "Waiting" &&
          /^No connection\. Retry \d+ comes by itself\.$/.test(meaning) &&
          spans.at(-1) === "waiting" &&
          subscriptions.some((row) => row.startsWith("ALPHA waits")) &&
          rate === 0 &&
          roundTrip === -1 &&
          queued >= 3 &&
          fullCells === queued,
      );
      expect(await dashboard.unreadable()).toEqual([]);
      await dashboard.press("action-restore");
      await dashboard.press("reconnect");
      const back = await recovered(connections);
      const placed = back.placed;
      const drained = await dashboard.sees(
        "an empty queue and every receipt",
        ({ queued, fullCells, receipts }) => queued + fullCells === 0 && receipts >= placed,
      );
      expect(drained.story).not.toContainEqual(expect.stringContaining("dropped"));
    });

    it("shows a slow server in the round trip and in the rate", async () => {
      const before = await dashboard.sees(
        "a short round trip",
        ({ roundTrip }) => roundTrip > 0 && roundTrip < 150,
      );
      await dashboard.press("action-slow");
      const slow = await dashboard.sees(
        "a long round trip",
        ({ roundTrip }) => roundTrip > before.roundTrip + 100,
      );
      expect(slow.condition).toBe("server is slow");
      expect(slow.pressed).toContain("action-slow");
      await dashboard.sees("few messages", ({ rate }) => rate > 0 && rate < 16);
      expect((await dashboard.look()).connections).toBe(before.connections);
    });

    it("subscribes and unsubscribes while it is connected", async () => {
      await dashboard.press("[aria-label='Subscribe GOLF']");
      await dashboard.sees("a price of GOLF", ({ subscriptions }) =>
        subscriptions.some((row) => /^GOLF live \d/.test(row)),
      );
      await dashboard.type("channel", "hotel");
      await dashboard.press("#subscribe button");
      await dashboard.sees("a price of HOTEL", ({ subscriptions }) =>
        subscriptions.some((row) => /^HOTEL live \d/.test(row)),
      );
      await dashboard.press("[aria-label='Unsubscribe GOLF']");
      const { subscriptions } = await dashboard.look();
      expect(subscriptions.map((row) => row.split(" ")[0])).toEqual([
        "ALPHA",
        "BRAVO",
        "CHARLIE",
        "HOTEL",
      ]);
    });

    it("says why a subscription was refused", async () => {
      await dashboard.type("channel", "nope");
      await dashboard.press("#subscribe button");
      const { subscriptions } = await dashboard.sees(
        "the refusal",
        ({ subscriptionFault }) => subscriptionFault === "NOPE: refused, there is no such symbol",
      );
      expect(subscriptions.filter((row) => row.startsWith("NOPE"))).toEqual([]);
    });

    it("cuts a long symbol that was refused", async () => {
      await dashboard.type("channel", "x".repeat(200));
      await dashboard.press("#subscribe button");
      await dashboard.sees(
        "the refusal",
        ({ subscriptionFault }) =>
          subscriptionFault === `${"X".repeat(23)}…: refused, there is no such symbol`,
      );
    });

    it("says what is needed when the symbol is blank", async () => {
      await dashboard.type("channel", "  ");
      await dashboard.enter("#subscribe button");
      const { focus } = await dashboard.sees(
        "the need",
        ({ subscriptionFault }) => subscriptionFault === "Type a symbol, ALPHA for example.",
      );
      expect(focus).toBe("BUTTON");
    });

    it("takes back a subscription that is not answered yet, without an alert", async () => {
      await dashboard.pressAtOnce(
        "[aria-label='Subscribe GOLF']",
        "[aria-label='Unsubscribe GOLF']",
      );
      const { subscriptions, subscriptionFault } = await dashboard.look();
      expect(subscriptions.map((row) => row.split(" ")[0])).not.toContain("GOLF");
      expect(subscriptionFault).toBe("");
    });

    it("keeps the focus on the button that was pressed", async () => {
      for (const control of ["theme", "send", "send", ...actions.map((each) => `action-${each}`)]) {
        const { placed } = await dashboard.look();
        await dashboard.enter(control);
        const sight =
          control === "send"
            ? await dashboard.look()
            : await dashboard.sees("another drawing", (sight) => sight.placed > placed);
        expect(sight.focus).toBe(control);
      }
    });

    it("keeps the focus while it closes a connection", async () => {
      for (const control of ["reconnect", "connection"]) {
        await dashboard.whileNothingCloses(async () => {
          await dashboard.enter(control);
          await dashboard.sees("the closing", ({ title }) => title === "Closing");
          await dashboard.rendered();
          expect((await dashboard.look()).focus).toBe(control);
        });
        const end = control === "reconnect" ? "Connected" : "Disconnected";
        expect((await dashboard.sees(end, ({ title }) => title === end)).focus).toBe(control);
      }
      await dashboard.enter("connection");
      expect((await dashboard.sees("a connection", isConnected)).focus).toBe("connection");
    });

    it("heeds no press while it closes a connection", async () => {
      const { connections } = await dashboard.look();
      await dashboard.pressAtOnce("reconnect", "connection");
      await dashboard.sees(
        "another connection",
        (sight) => isConnected(sight) && sight.connections > connections,
      );
    });

    it("moves the focus on when its row or its offer goes", async () => {
      await dashboard.enter("[aria-label='Subscribe GOLF']");
      expect((await dashboard.look()).focus).toMatch(/^Subscribe /);
      await dashboard.enter("[aria-label='Unsubscribe GOLF']");
      expect((await dashboard.look()).focus).toBe("Unsubscribe ALPHA");
      await dashboard.page.evaluate(() => {
        document.querySelector<HTMLInputElement>("#channel")!.value = "gone";
        document.querySelector<HTMLFormElement>("#subscribe")!.requestSubmit();
        document.querySelector<HTMLElement>("[aria-label='Unsubscribe GONE']")!.focus();
      });
      const { focus } = await dashboard.sees("the refusal", ({ subscriptionFault }) =>
        subscriptionFault.startsWith("GONE: refused"),
      );
      expect(focus).toBe("channel");
    });

    it("writes the unit on the axis of the round trip", async () => {
      const texts = await dashboard.textsOf("plot-round-trip");
      expect(texts).toEqual(expect.arrayContaining(["0 ms", "now"]));
      expect(await dashboard.textsOf("plot-rate")).toContain("0");
    });

    it("disconnects and connects when told", async () => {
      const { connections, outages } = await dashboard.look();
      await dashboard.press("connection");
      await dashboard.sees(
        "rest",
        ({ title, connectionVerb }) => title === "Disconnected" && connectionVerb === "Connect",
      );
      await dashboard.press("connection");
      const sight = await dashboard.sees(
        "a connection",
        (sight) => isConnected(sight) && sight.connections > connections,
      );
      expect(sight.connectionVerb).toBe("Disconnect");
      // Old ones may have left the last minute.
      expect(outages).toEqual(expect.arrayContaining([...sight.outages]));
    });

    it("places no orders when told not to", async () => {
      await dashboard.press("send");
      const { messages: atPress } = await dashboard.look();
      // An order of the moment before may be shown later.
      const { pressed, placed, messages } = await dashboard.sees(
        "the next drawing",
        (sight) => sight.messages > atPress,
      );
      expect(pressed).not.toContain("send");
      // At the usual pace two orders would have been placed meanwhile.
      const later = await dashboard.sees("messages", (sight) => sight.messages > messages + 50);
      expect(later.placed).toBe(placed);
      await dashboard.press("send");
      await dashboard.sees("an order", (sight) => sight.placed > placed);
    });

    it("is readable in both themes, the plots included", async () => {
      const themes = new Set<string | undefined>();
      for (let turn = 0; turn < 2; turn++) {
        await dashboard.press("theme");
        themes.add((await dashboard.look()).theme);
        expect(await dashboard.unreadable()).toEqual([]);
        expect(await dashboard.hasLineInItsColour("plot-rate", "--rate")).toBe(true);
        expect(await dashboard.hasLineInItsColour("plot-depth", "--queue")).toBe(true);
      }
      expect(themes).toEqual(new Set(["light", "dark"]));
    });

    it("has a name and a place in the tab order for every control", async () => {
      expect(await dashboard.controlFaults()).toEqual([]);
      expect(await dashboard.unreached()).toEqual([]);
    });

    it("fits a window of 360 pixels", async () => {
      await dashboard.resize(360, 740);
      await dashboard.sees("nothing cut off", ({ scrollsSideways }) => !scrollsSideways);
      expect(await dashboard.controlFaults()).toEqual([]);
      await dashboard.resize(1280, 900);
    });

    it("keeps the theme that was chosen", async () => {
      await dashboard.press("theme");
      const { theme } = await dashboard.look();
      await dashboard.reload();
      await dashboard.sees("a connection", isConnected);
      expect((await dashboard.look()).theme).toBe(theme);
    });

    it("says that the whole server is gone", async () => {
      const gone = await startServer(built);
      const other = await openDashboard(browser, gone.url);
      await other.sees("a connection", isConnected);
      await gone.stop();
      await other.press("action-drop");
      await other.sees("the news", ({ serverFault }) => serverFault.includes("does not answer"));
      expect(other.complaints).toEqual([]);
      await other.close();
    });
  });
}
