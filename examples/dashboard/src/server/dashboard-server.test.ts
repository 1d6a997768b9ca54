import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { DashboardClient } from "../client.ts";
import { fineClock } from "../clock.ts";
import { watch } from "../node/watch.ts";
import { controlPath, feedPath, tokenPath, type Action } from "../protocol.ts";
import { pageDirectory } from "../testing/page-directory.ts";
import { startDashboardServer, type DashboardServer } from "./dashboard-server.ts";

// The client of the page, in Node: what it meets here is what the page meets.

let server: DashboardServer;
let dashboard: DashboardClient;
let story: string[];

beforeEach(async () => {
  using page = pageDirectory({ "index.html": "<p>" });
  server = await startDashboardServer({
    clock: fineClock,
    port: 0,
    page: page.path,
    restartTime: 50,
  });
  story = [];
  dashboard = watch({ url: server.url, clock: fineClock, print: (line) => story.push(line) });
  await dashboard.client.connect();
});
afterEach(async () => {
  await dashboard.client.close({ timeout: 0 });
  await server.stop();
});

const order = async (action: Action): Promise<string> => {
  const response = await fetch(new URL(controlPath, server.url), { method: "POST", body: action });
  return response.text();
};

it("sends prices of what was subscribed", async () => {
  const message = await dashboard.client.once("message");
  expect(message).toMatch(/^\{"type":"trade","channel":"(ALPHA|BRAVO|CHARLIE)"/);
});

it("drops every connection", async () => {
  const lost = dashboard.client.once("disconnected");
  expect(await order("drop")).toBe("well");
  expect(await lost).toMatchObject({ cause: { close: { code: 1006 } }, willRetry: true });
  await dashboard.client.ready();
});

it("closes with 1012 to restart, and answers when it is back", async () => {
  const lost = dashboard.client.once("disconnected");
  const back = order("restart");
  expect(await lost).toMatchObject({ cause: { close: { code: 1012, reason: "restarting" } } });
  expect(await back).toBe("well");
  await dashboard.client.ready();
});

it("keeps a silent connection open and goes on with it once restored", async () => {
  expect(await order("silence")).toBe("silent");
  const before = dashboard.status.messagesReceived;
  const question = dashboard.subscriptions.add(["DELTA"]);
  expect(await order("restore")).toBe("well");
  await question;
  expect(dashboard.status.messagesReceived).toBeGreaterThan(before);
  expect(dashboard.status.connectionCount).toBe(1);
});

it("reads nothing while it is silent", async () => {
  const socket = new WebSocket(new URL(feedPath, server.url));
  // The connection is cut under what was not read.
  socket.on("error", () => {});
  await once(socket, "open");
  expect(await order("silence")).toBe("silent");
  const closed = once(socket, "close");
  socket.close(1000);
  expect(await order("silence")).toBe("silent");
  expect(socket.readyState).toBe(WebSocket.CLOSING);
  await order("drop");
  // Had the server read the close frame, it would have answered it.
  expect(await closed).toMatchObject([1006, expect.anything()]);
});

it("refuses with 503 and Retry-After, which Node can see", async () => {
  const scheduled = new Promise<number>((resolve) => {
    dashboard.client.on("reconnectScheduled", ({ cause, delay }) => {
      if ("status" in cause && cause.status === 503) resolve(delay);
    });
  });
  expect(await order("refuse")).toBe("refusing");
  dashboard.client.reconnect();
  expect(await scheduled).toBeGreaterThanOrEqual(2_000);
  expect(story).toContain("Failed: refused with 503.");
});

it("answers slowly", async () => {
  expect(await order("slow")).toBe("slow");
  const before = fineClock.now();
  await dashboard.subscriptions.add(["DELTA"]);
  expect(fineClock.now() - before).toBeGreaterThan(340);
});

it("refuses actions that there are not, and pages that are not its own", async () => {
  const control = new URL(controlPath, server.url);
  expect((await fetch(control, { method: "POST", body: "explode" })).status).toBe(400);
  const headers = { origin: "http://elsewhere.test" };
  expect((await fetch(control, { method: "POST", body: "drop", headers })).status).toBe(403);
  expect((await fetch(new URL(tokenPath, server.url), { headers })).status).toBe(403);
  expect((await fetch(new URL("/../package.json", server.url))).status).toBe(404);
  expect(dashboard.client.isConnected).toBe(true);
});

it("drops everything when it stops, also while it restarts", async () => {
  const lost = dashboard.client.once("disconnected");
  const restarted = order("restart").catch(() => "broken off");
  await lost;
  await server.stop();
  await expect(restarted).resolves.toMatch(/well|restarting|broken off/);
  await expect(fetch(server.url)).rejects.toThrow("fetch failed");
});
