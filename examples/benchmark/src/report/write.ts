import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { mergeProfiles, type Profiles } from "../profile/profiles.ts";
import { merge, stringify, type Results } from "../results.ts";
import { resultPage, resultPlot } from "./page.ts";
import type { Beside } from "./sections.ts";

/** Where the figures of the documentation are kept. */
const published: URL = new URL("../../results.json", import.meta.url);

/** Where it is kept what the time of its figures went to. */
const publishedProfiles: URL = new URL("../../profiles.json", import.meta.url);

/** What is written by hand about what bounds the reading side. */
const reading: URL = new URL("../../reading-side.md", import.meta.url);

/** Where the documentation shows them. */
export const documentation: URL = new URL("../../../../packages/docs/", import.meta.url);

function readJson(file: URL): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

function readProfiles(): Profiles | undefined {
  return readJson(publishedProfiles) as Profiles | undefined;
}

/** The figures of the documentation, if there are any. */
export function readPublished(): Results | undefined {
  return readJson(published) as Results | undefined;
}

/** What the page of the documentation has beside its figures. */
export function readBeside(): Beside {
  const profiles = readProfiles()?.profiles ?? [];
  return { profiles, reading: readFileSync(reading, "utf8") };
}

/** Writes figures, plot and page to a directory. */
export function writeTo(directory: string, results: Results): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(`${directory}/results.json`, stringify(results));
  writeFileSync(`${directory}/benchmark.svg`, resultPlot(results));
  writeFileSync(`${directory}/benchmark.md`, resultPage(results));
}

/** Puts figures where those of the documentation are kept, and writes plot and page anew. */
export function publish(results: Results): void {
  const earlier = readPublished();
  const all = earlier === undefined ? results : merge(earlier, results);
  writeFileSync(published, stringify(all));
  writePage();
}

/** The same with profiles. */
export function publishProfiles(profiles: Profiles): void {
  const all = mergeProfiles(readProfiles(), profiles);
  writeFileSync(publishedProfiles, stringify(all));
  writePage();
}

/** Writes plot and page of the documentation from what is kept. */
export function writePage(): void {
  const kept = readPublished();
  if (kept === undefined) throw new Error("no figures are kept: run with --publish");
  writeFileSync(new URL("benchmark.svg", documentation), resultPlot(kept));
  writeFileSync(new URL("benchmark.md", documentation), resultPage(kept, readBeside()));
  console.error(`written: ${fileURLToPath(new URL("benchmark.md", documentation))}`);
}
