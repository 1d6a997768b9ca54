import { afterEach, expect, it, vi } from "vitest";
import { findBrowser, missingBrowser } from "./browsers.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

it("takes the browser that the environment names", () => {
  vi.stubEnv("CHROMIUM_PATH", process.execPath);
  expect(findBrowser("chromium")).toBe(process.execPath);
});

it("says how to get a browser, and leaves to the caller what comes of it", () => {
  expect(missingBrowser("firefox")).toBe(
    "there is no firefox. Install it (apt-get install firefox-esr) or name it in FIREFOX_PATH.",
  );
});
