import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findProgram, node, versionOf } from "./install.ts";
import { root } from "./workspace.ts";

// Runs the packages' and examples' tests on other versions of Node:
//
//   node packages/tooling/src/test-node.ts 20 22 26
//
// A version is taken from PATH if a `node` there has that major, else the newest of it is installed from npm outside
// the workspace. vitest itself stays on the workspace's Node; the test files run on the version that is asked for.

function runTests(executable: string): boolean {
  const version = versionOf(executable);
  console.log(`\nTests on Node ${version} (${executable})`);
  const { status } = spawnSync(
    process.execPath,
    [join(root, "node_modules/vitest/vitest.mjs"), "run"],
    {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, NODE_UNDER_TEST: executable, NODE_UNDER_TEST_VERSION: version },
    },
  );
  return status === 0;
}

const failed = process.argv.slice(2).filter((major) => !runTests(findProgram(node(major))));
if (failed.length > 0) {
  console.error(`The tests failed on Node ${failed.join(" and ")}.`);
  process.exitCode = 1;
}
