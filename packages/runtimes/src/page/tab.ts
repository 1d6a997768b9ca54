import type { Browser, CDPSession, Page } from "puppeteer-core";
import { Queue } from "rig/queue";
import { contractServer } from "../serving/contract-server.ts";
import type { RuntimeServer } from "../control/commands.ts";
import type { PageServer } from "./page-server.ts";
import type { PageReport, PageWindow } from "./report.ts";

type Report<W extends PageReport["what"]> = Extract<PageReport, { readonly what: W }>;

/** A tab with the page and its client, and the server that the client dials. */
export interface Tab extends AsyncDisposable {
  readonly page: Page;
  readonly devtools: CDPSession;
  readonly server: RuntimeServer;
  /** All that the page told so far. */
  readonly reports: readonly PageReport[];
  /** The next report of that kind; those before it are passed over. */
  until<W extends PageReport["what"]>(what: W): Promise<Report<W>>;
  /** Runs in the page. */
  run<T>(task: (window: PageWindow) => T): Promise<T>;
  /** Opens the page; `options` are for its script. */
  open(options?: Readonly<Record<string, string>>): Promise<void>;
}

/** Opens an empty tab in a profile of its own. */
export async function openTab(browser: Browser, pages: PageServer): Promise<Tab> {
  const profile = await browser.createBrowserContext();
  const page = await profile.newPage();
  const devtools = await page.createCDPSession();
  const server = await contractServer();
  const reports: PageReport[] = [];
  const news = new Queue<PageReport>();
  page.on("console", (line) => {
    if (!line.text().startsWith("[")) return;
    const [count, report] = JSON.parse(line.text()) as [number, PageReport];
    // A page that comes out of the cache repeats what it told before it went in.
    if (count <= reports.length) return;
    reports.push(report);
    news.put(report);
  });
  return {
    page,
    devtools,
    server,
    reports,
    async until<W extends PageReport["what"]>(what: W) {
      for (;;) {
        const report = await news.take();
        if (report.what === what) return report as Report<W>;
      }
    },
    run: (task) =>
      page.evaluate(`(${task.toString()})(window)`) as Promise<ReturnType<typeof task>>,
    async open(options = {}) {
      const query = new URLSearchParams({ url: server.url, ...options });
      await page.goto(`${pages.url}?${query.toString()}`);
    },
    async [Symbol.asyncDispose]() {
      await profile.close();
      await server.close();
    },
  };
}
