import { existsSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { launch } from "puppeteer-core";
import type { Sample } from "../task.ts";
import type { DoJob } from "./measure.ts";

/** The browser, if it is there. */
export function findChromium(): string | undefined {
  return [process.env["CHROMIUM_PATH"] ?? "", "/usr/bin/chromium", "/usr/bin/google-chrome"].find(
    (path) => existsSync(path),
  );
}

/** The page's script, in one piece. */
export async function bundle(
  entry: URL = new URL("../page.js", import.meta.url),
  conditions: string[] = [],
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2022",
    conditions,
  });
  return outputFiles[0]!.text;
}

/** Does jobs in Chromium, each in a browser of its own. */
export function inChromium(executablePath: string, script: string): DoJob {
  return async (job) => {
    const browser = await launch({
      executablePath,
      // Who is root has no sandbox.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    });
    try {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${job.port}/`);
      await page.addScriptTag({ content: script });
      return (await page.evaluate(
        (job) => (globalThis as unknown as { doJob(job: unknown): Promise<unknown> }).doJob(job),
        job as never,
      )) as Sample;
    } finally {
      await browser.close();
    }
  };
}
