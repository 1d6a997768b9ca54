import { existsSync } from "node:fs";

/** A browser that the tests run in, and where its programs are; those missing are `undefined`. */
export interface Engine {
  readonly name: "chromium" | "firefox" | "webkit";
  readonly programs: Readonly<Record<string, string | undefined>>;
  /** How to get it. */
  readonly install: string;
}

/** The browsers that Debian has; a path in the environment goes before the usual places. */
export const engines: readonly Engine[] = [
  {
    name: "chromium",
    programs: {
      browser: first("CHROMIUM_PATH", "/usr/bin/chromium", "/usr/bin/google-chrome"),
    },
    install: "apt-get install chromium, or set CHROMIUM_PATH",
  },
  {
    name: "firefox",
    programs: {
      browser: first("FIREFOX_PATH", "/usr/bin/firefox-esr", "/usr/bin/firefox"),
    },
    install: "apt-get install firefox-esr, or set FIREFOX_PATH",
  },
  {
    name: "webkit",
    programs: {
      browser: first(
        "WEBKIT_BROWSER_PATH",
        "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
        "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
      ),
      driver: first("WEBKIT_DRIVER_PATH", "/usr/bin/WebKitWebDriver"),
      // WebKitGTK has no headless mode: without a display it gets one of its own.
      display:
        process.env["DISPLAY"] ??
        process.env["WAYLAND_DISPLAY"] ??
        first("XVFB_PATH", "/usr/bin/Xvfb"),
    },
    install:
      "apt-get install webkit2gtk-driver xvfb, or set WEBKIT_BROWSER_PATH and WEBKIT_DRIVER_PATH",
  },
];

/** The programs of an engine, unless one is missing. */
export function programsOf({ programs }: Engine): Readonly<Record<string, string>> | undefined {
  return Object.values(programs).includes(undefined)
    ? undefined
    : (programs as Readonly<Record<string, string>>);
}

function first(variable: string, ...paths: readonly string[]): string | undefined {
  return [process.env[variable], ...paths].find((path) => path && existsSync(path));
}
