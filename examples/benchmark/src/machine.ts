import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { UsageError } from "./usage-error.ts";

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly system: string;
  /** Version of the Node that the clients ran on. */
  readonly node: string;
}

/**
 * This machine, with that Node.
 *
 * @throws UsageError if it is none
 */
export function describeMachine(node: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${type()} ${release().split("-")[0]}`,
    node: versionOf(node),
  };
}

function versionOf(node: string): string {
  const version = printed(node).trim();
  if (/^v\d+\.\d+\.\d+/.test(version)) return version;
  throw new UsageError(`--node: ${node} is not a Node that can be run`);
}

/** What it says of its version; nothing if it cannot be run. */
function printed(node: string): string {
  try {
    return execFileSync(node, ["--version"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return "";
  }
}
