import { defineBrowserProvider } from "@vitest/browser";
import type { BrowserProvider, BrowserProviderOption, TestProject } from "vitest/node";
import { provideViewport } from "./viewport.ts";
import { webDriver, type WebDriver, type WebKitPrograms } from "./webdriver.ts";

/** WebKitGTK's small browser over classic WebDriver. There is no `userEvent`. */
export function webkit(programs: WebKitPrograms): BrowserProviderOption {
  return defineBrowserProvider({
    name: "webkit",
    supportedBrowser: ["safari"],
    providerFactory: (project) => new WebKitProvider(project, programs),
  });
}

class WebKitProvider implements BrowserProvider {
  readonly name = "webkit";
  readonly supportsParallelism = false;
  readonly #programs: WebKitPrograms;
  #driver: Promise<WebDriver> | undefined;
  #version: string | undefined;

  constructor(project: TestProject, programs: WebKitPrograms) {
    this.#programs = programs;
    provideViewport(project, async (_, size) => (await this.#driver)?.resize(size));
  }

  getCommandsContext(): Record<string, unknown> {
    return { version: this.#version };
  }

  async openPage(_: string, url: string): Promise<void> {
    this.#driver ??= webDriver(this.#programs);
    const driver = await this.#driver;
    this.#version = driver.version;
    await driver.goto(url);
  }

  async close(): Promise<void> {
    const driver = this.#driver;
    this.#driver = undefined;
    await (await driver)?.close();
  }
}
