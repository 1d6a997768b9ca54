import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Fault, Place } from "./catalogue.ts";

/** How one fault went; times are milliseconds. */
export interface Result {
  readonly place: Place;
  readonly fault: Fault;
  /** What the client reported, in order, as Markdown. */
  readonly reported: readonly string[];
  /** From the fault to the first report; `null` where nothing was to be reported. */
  readonly noticed: number | null;
  /** From the cure to the next connection; `null` where the connection held. */
  readonly back: number | null;
  /** Dials from the fault to the next connection. */
  readonly attempts: number;
  readonly lost: string;
}

// Ignored by git.
const folder = fileURLToPath(new URL("../../node_modules/.cache/faults/", import.meta.url));

/** Keeps a result for the page. */
export function keep(result: Result): void {
  mkdirSync(folder, { recursive: true });
  const name = `${result.place} ${result.fault}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  writeFileSync(`${folder}${name}.json`, JSON.stringify(result));
}

/** The results of the last run of each fault. */
export function kept(): readonly Result[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(folder + name, "utf8")) as Result);
}
