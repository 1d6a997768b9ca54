// Pictures of the dashboard after some outages, for its README: screenshot.webp and screenshot-dark.webp. Runs as
// built.

import { fileURLToPath } from "node:url";
import { fineClock } from "./clock.ts";
import { findBrowser, launchBrowser, missingBrowser } from "./e2e/browsers.ts";
import { openDashboard, type Sight } from "./e2e/dashboard-page.ts";
import { startDashboardServer } from "./server/dashboard-server.ts";

const folder = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const executable = findBrowser("chromium");
if (executable === undefined) {
  process.stderr.write(`The pictures need a browser: ${missingBrowser("chromium")}\n`);
  process.exit(1);
}
const server = await startDashboardServer({ clock: fineClock, port: 0, page: folder("dist/page") });
const browser = await launchBrowser("chromium", executable);
try {
  const dashboard = await openDashboard(browser, server.url);
  const { page } = dashboard;
  await page.setViewport({ width: 1280, height: 800, deviceScaleFactor: 2 });
  const hasPoints =
    (least: number) =>
    ({ title, points }: Sight): boolean =>
      title === "Connected" && points[2]! >= least;
  const restored = async (): Promise<void> => {
    await dashboard.press("action-restore");
    await dashboard.sees("a connection", ({ title }) => title === "Connected");
  };

  await dashboard.press("[aria-label='Subscribe FOXTROT']");
  await dashboard.sees("some quiet seconds", hasPoints(16));
  await dashboard.press("action-slow");
  await dashboard.sees("some slow seconds", hasPoints(28));
  await restored();
  await dashboard.press("action-drop");
  await dashboard.sees("an outage", ({ outages }) => outages.length === 1);
  await restored();
  await dashboard.sees("some quiet seconds", hasPoints(44));
  await dashboard.press("action-refuse");
  await dashboard.sees("four more delays", ({ delays }) => delays.length >= 5);
  await restored();
  await dashboard.sees("some quiet seconds", hasPoints(84));
  await dashboard.press("action-silence");
  await dashboard.sees("an outage", ({ outages }) => outages.length === 3);
  await restored();
  await dashboard.sees("a long past", hasPoints(114));

  await page.mouse.move(0, 0);
  for (const name of ["light", "dark"]) {
    const { theme } = await dashboard.look();
    if (theme !== name) await dashboard.press("theme");
    await dashboard.settled();
    const file = name === "light" ? "screenshot.webp" : "screenshot-dark.webp";
    await page.screenshot({ path: folder(file), quality: 88, fullPage: true });
    process.stdout.write(`${file}\n`);
  }
} finally {
  await browser.close();
  await server.stop();
}
