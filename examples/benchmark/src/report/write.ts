import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { merge, stringify, type Results } from "../results.ts";
import { resultPage, resultPlot } from "./page.ts";

/** Where the figures of the documentation are kept. */
export const published: URL = new URL("../../results.json", import.meta.url);

/** Where the documentation shows them. */
export const documentation: URL = new URL("../../../../packages/docs/", import.meta.url);

/** The figures of the documentation, if there are any. */
export function readPublished(): Results | undefined {
  if (!existsSync(published)) return undefined;
  return JSON.parse(readFileSync(published, "utf8")) as Results;
}

/** Writes figures, plot and page to a directory. */
export function writeTo(directory: string, results: Results): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}/results.json`, stringify(results));
  writeFileSync(`${directory}/benchmark.svg`, resultPlot(results));
  writeFileSync(`${directory}/benchmark.md`, resultPage(results));
}

/** Puts figures, plot and page where the documentation has them. */
export function publish(results: Results): void {
  const earlier = readPublished();
  const all = earlier === undefined ? results : merge(earlier, results);
  // As it will be read again: the page must follow from the file.
  const text = stringify(all);
  writeFileSync(published, text);
  const kept = JSON.parse(text) as Results;
  writeFileSync(new URL("benchmark.svg", documentation), resultPlot(kept));
  writeFileSync(new URL("benchmark.md", documentation), resultPage(kept));
  console.error(`written: ${fileURLToPath(new URL("benchmark.md", documentation))}`);
}
