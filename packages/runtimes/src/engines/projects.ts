import { playwright } from "@vitest/browser-playwright";
import type { TestProjectConfiguration } from "vitest/config";
import type { BrowserProviderOption } from "vitest/node";
import { quiet } from "./chromium-flags.ts";
import { firefox } from "./firefox.ts";
import { engines, programsOf, type Engine } from "./installed.ts";
import { engineVersion } from "./version.ts";
import { webkit } from "./webkit.ts";

/** One vitest project for each browser that is installed. Its tests are all `*.browser.test.ts`. */
export function browserProjects(): readonly TestProjectConfiguration[] {
  return engines.flatMap((engine) => {
    const programs = programsOf(engine);
    return programs ? [projectOf(engine.name, programs)] : [];
  });
}

function projectOf(
  name: Engine["name"],
  programs: Readonly<Record<string, string>>,
): TestProjectConfiguration {
  const browser = name === "webkit" ? "safari" : name;
  return {
    extends: true,
    test: {
      name,
      include: ["packages/*/src/**/*.browser.test.ts", "examples/*/src/**/*.browser.test.ts"],
      globalSetup: ["./packages/runtimes/src/engines/control.setup.ts"],
      testTimeout: 60_000,
      hookTimeout: 60_000,
      browser: {
        enabled: true,
        headless: name !== "webkit",
        screenshotFailures: false,
        commands: { engineVersion },
        provider: providerOf(name, programs),
        instances: [{ browser: browser as "chromium" }],
      },
    },
  };
}

function providerOf(
  name: Engine["name"],
  { browser = "", driver = "", display = "" }: Readonly<Record<string, string>>,
): BrowserProviderOption {
  switch (name) {
    case "chromium":
      return playwright({ launchOptions: { executablePath: browser, args: [...quiet] } });
    case "firefox":
      return firefox(browser);
    case "webkit":
      return webkit({ browser, driver, display });
  }
}
