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

/** The executable of a browser; if there is none, says loudly what is missing and how to get it. */
export function findBrowser(name: BrowserName): string | undefined {
  const { variable, places, debian } = installations[name];
  const executable = [process.env[variable], ...places].find(
    (path) => path !== undefined && path !== "" && existsSync(path),
  );
  if (executable === undefined) {
    console.warn(
      `SKIPPED: there is no ${name}. Install it (apt-get install ${debian}) or name it in ${variable}.`,
    );
  }
  return executable;
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
