import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./workspace.ts";

/** The path of a command that the workspace installs. */
export function bin(name: string): string {
  return join(root, "node_modules", ".bin", name);
}

/**
 * Runs a command to its end and returns what it printed.
 *
 * @throws Error with all of the command's output if it fails.
 */
export function run(command: string, args: readonly string[], directory: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: directory,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    shell: process.platform === "win32",
  });
  if (error !== undefined) throw error;
  if (status === 0) return stdout;
  throw new Error(
    `${command} ${args.join(" ")} in ${directory}: exit code ${status}\n${stdout}${stderr}`,
  );
}
