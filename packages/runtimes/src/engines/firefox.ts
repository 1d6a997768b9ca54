import { defineBrowserProvider } from "@vitest/browser";
import { launch, type Browser, type Page } from "puppeteer-core";
import type { BrowserProvider, BrowserProviderOption, TestProject } from "vitest/node";
import { provideViewport } from "./viewport.ts";

/**
 * Firefox as distributions have it, over WebDriver BiDi; Playwright drives only a Firefox of its own. There is no
 * `userEvent`.
 */
export function firefox(executablePath: string): BrowserProviderOption {
  return defineBrowserProvider({
    name: "firefox",
    supportedBrowser: ["firefox"],
    providerFactory: (project) => new FirefoxProvider(project, executablePath),
  });
}

class FirefoxProvider implements BrowserProvider {
  readonly name = "firefox";
  readonly supportsParallelism = false;
  readonly #executablePath: string;
  readonly #pages = new Map<string, Page>();
  #browser: Promise<Browser> | undefined;

  constructor(project: TestProject, executablePath: string) {
    this.#executablePath = executablePath;
    provideViewport(project, async (session, size) => this.#pages.get(session)?.setViewport(size));
  }

  getCommandsContext(session: string): Record<string, unknown> {
    return { page: this.#pages.get(session) };
  }

  async openPage(session: string, url: string): Promise<void> {
    const executablePath = this.#executablePath;
    this.#browser ??= launch({ browser: "firefox", executablePath, headless: true });
    const page = this.#pages.get(session) ?? (await (await this.#browser).newPage());
    this.#pages.set(session, page);
    await page.goto(url, { timeout: 0 });
  }

  async close(): Promise<void> {
    const browser = this.#browser;
    this.#browser = undefined;
    this.#pages.clear();
    await (await browser)?.close();
  }
}
