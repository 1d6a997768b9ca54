import { existsSync } from "node:fs";
import { launch, type Browser } from "puppeteer-core";

export type BrowserName = "chromium" | "firefox";

interface Installation {
  /** Names the executable; wins over the usual places. */
  readonly variable: string;
  readonly places: readonly string[];
  /** The Debian package that has it. */
  readonly debian: string;
}

const installations: Readonly<Record<BrowserName, Installation>> = {
  chromium: {
    variable: "CHROMIUM_PATH",
    places: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
    debian: "chromium",
  },
  firefox: {
    variable: "FIREFOX_PATH",
    places: ["/usr/bin/firefox-esr", "/usr/bin/firefox"],
    debian: "firefox-esr",
  },
};

/** The executable of a browser, if it is installed. */
export function findBrowser(name: BrowserName): string | undefined {
  const { variable, places } = installations[name];
  return [process.env[variable], ...places].find(
    (path) => path !== undefined && path !== "" && existsSync(path),
  );
}

/** Says that there is no such browser, and how to get it. */
export function missingBrowser(name: BrowserName): string {
  const { variable, debian } = installations[name];
  return `there is no ${name}. Install it (apt-get install ${debian}) or name it in ${variable}.`;
}

/** Starts a browser without a window. */
export function launchBrowser(name: BrowserName, executable: string): Promise<Browser> {
  return launch({
    browser: name === "firefox" ? "firefox" : "chrome",
    executablePath: executable,
    headless: true,
    // Chromium's sandbox refuses to run for root, who runs containers.
    args:
      name === "chromium"
        ? ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
        : [],
  });
}
