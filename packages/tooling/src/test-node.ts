import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { root } from "./workspace.ts";

// Runs the packages' and examples' tests on other versions of Node:
//
//   node packages/tooling/src/test-node.ts 20 22 26
//
// A version is taken from PATH if a `node` there has that major, else the newest of it is installed from npm outside
// the workspace. vitest itself stays on the workspace's Node; the test files run on the version that is asked for.

const executable = process.platform === "win32" ? "node.exe" : "node";

/** The `v20.20.2` that a binary answers. */
function versionOf(node: string): string {
  return spawnSync(node, ["--version"], { encoding: "utf8" }).stdout?.trim() ?? "";
}

function isMajor(node: string, major: string): boolean {
  return existsSync(node) && versionOf(node).startsWith(`v${major}.`);
}

function findNode(major: string): string {
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, executable))
    .find((node) => isMajor(node, major));
  return onPath ?? installNode(major);
}

/** Installs the newest Node of a major version and returns its binary. */
function installNode(major: string): string {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const directory = join(tmpdir(), "st-runtimes", `node-${major}`);
  const node = join(directory, "node_modules", name, "bin", executable);
  if (isMajor(node, major)) return node;
  mkdirSync(directory, { recursive: true });
  const { status } = spawnSync(
    "npm",
    ["install", "--prefix", directory, "--no-save", "--no-audit", "--no-fund", `${name}@${major}`],
    // A package of its own, so that npm does not take the directory above for the project.
    { stdio: "inherit", cwd: directory, shell: process.platform === "win32" },
  );
  if (status !== 0 || !isMajor(node, major))
    throw new Error(`Node ${major} could not be installed`);
  return node;
}

function runTests(node: string): boolean {
  const version = versionOf(node);
  console.log(`\nTests on Node ${version} (${node})`);
  const { status } = spawnSync(
    process.execPath,
    [join(root, "node_modules/vitest/vitest.mjs"), "run"],
    {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, NODE_UNDER_TEST: node, NODE_UNDER_TEST_VERSION: version },
    },
  );
  return status === 0;
}

const failed = process.argv.slice(2).filter((major) => !runTests(findNode(major)));
if (failed.length > 0) {
  console.error(`The tests failed on Node ${failed.join(" and ")}.`);
  process.exitCode = 1;
}
