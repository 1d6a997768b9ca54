import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";

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

/** This machine, with that Node. */
export function describeMachine(node: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${type()} ${release().split("-")[0]}`,
    node: execFileSync(node, ["--version"], { encoding: "utf8" }).trim(),
  };
}
