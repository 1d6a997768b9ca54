import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Observation } from "./observation.ts";

/** Where runs leave what they observed; git ignores it. */
const directory = fileURLToPath(new URL("../../dist/observations", import.meta.url));

/** Keeps what a run in a runtime has observed, in place of what an earlier one did. */
export function keep(observation: unknown): void {
  mkdirSync(directory, { recursive: true });
  const { runtime } = observation as Observation;
  writeFileSync(join(directory, `${runtime}.json`), JSON.stringify(observation, null, 2));
}

/** The newest observation of each runtime. */
export function kept(): readonly Observation[] {
  return globSync("*.json", { cwd: directory }).map(
    (file) => JSON.parse(readFileSync(join(directory, file), "utf8")) as Observation,
  );
}
