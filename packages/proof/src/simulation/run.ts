import { parseArgs } from "node:util";
import { resolveCore } from "./resolve-core.ts";

// Runs many schedules, say over night:
//
//   npx -y pnpm@12.4.2 --filter proof simulation --schedules 1000000
//
// The seed changes with every run unless `--seed` says one; `--core DIRECTORY` takes another copy of `packages/core`;
// `--table` prints how many schedules reached what. Exits with 1 at the first schedule that breaks a rule.

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "1000000" },
    seed: { type: "string" },
    core: { type: "string" },
    table: { type: "boolean", default: false },
    quiet: { type: "boolean", default: false },
  },
});
resolveCore(values.core);
const { anySeed } = await import("./seed-random.ts");
const { simulate } = await import("./simulate.ts");

const schedules = Number(values.schedules);
const seed = values.seed === undefined ? anySeed() : Number(values.seed);
if (!values.quiet) console.log(`${schedules} schedules, seed ${seed}`);
const step = Math.max(1_000, Math.round(schedules / 100));
const { ran, failure, coverage } = await simulate({
  seed,
  schedules,
  core: values.core,
  onProgress: (done, hasFailed) => {
    if (!values.quiet && !hasFailed && done % step === 0) console.log(`${done} of ${schedules}`);
  },
});
if (values.table) console.log(coverage.table());
if (failure !== null) {
  console.error(failure);
  process.exitCode = 1;
} else console.log(`${ran} schedules broke no rule`);
