import { parseArgs } from "node:util";
import { resolveCore } from "./resolve-core.ts";

// Shows one schedule that broke a rule, step by step, as the failure of a simulation says:
//
//   npx -y pnpm@12.4.2 --filter proof replay --seed 7 --path 12:3:0
//
// `--core DIRECTORY` takes another copy of `packages/core`. A script of the workspace runs on the workspace's own Node.

const { values } = parseArgs({
  options: { seed: { type: "string" }, path: { type: "string" }, core: { type: "string" } },
});
if (values.seed === undefined || values.path === undefined) {
  throw new Error("--seed and --path are needed; a failed simulation tells both");
}
resolveCore(values.core);
const { simulate } = await import("./simulate.ts");
const seed = Number(values.seed);
const { failure } = await simulate({ seed, schedules: 1, path: values.path, core: values.core });
console.log(
  failure ?? "This schedule broke no rule: the code has changed since, or the generator has.",
);
if (failure !== null) process.exitCode = 1;
