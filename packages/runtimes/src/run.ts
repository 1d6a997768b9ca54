import { findProgram, versionOf } from "tooling/install";
import { bundle } from "./runners/bundle.ts";
import { play } from "./runners/play.ts";
import { runtimesNamed, type Runtime } from "./runners/runtimes.ts";

// Runs the transport contract and the client's scenarios in runtimes that are not browsers:
//
//   node packages/runtimes/src/run.ts                    in all of them
//   node packages/runtimes/src/run.ts bun workerd        in these
//
// A runtime is taken from PATH if its version is there, else it is installed from npm outside the workspace. Each run
// ends with a line "N passed, N failed".

const chosen = runtimesNamed(process.argv.slice(2));
const bundles = { process: await bundle("process"), worker: await bundle("worker") };
const failed: string[] = [];
for (const runtime of chosen) {
  if (!(await runIn(runtime))) failed.push(runtime.name);
}
if (failed.length > 0) {
  console.error(`The contract or the scenarios failed in ${failed.join(" and ")}.`);
  process.exitCode = 1;
}

async function runIn(runtime: Runtime): Promise<boolean> {
  const program = findProgram(runtime.program);
  const version = /\d[\d.-]*/.exec(versionOf(program))?.[0] ?? "";
  console.log(`\nContract and scenarios in ${runtime.name} ${version} (${program})`);
  const { passed, failures } = await play(runtime, program, version, bundles);
  for (const failure of failures) console.error(`FAILED ${failure}`);
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0 && passed > 0;
}
