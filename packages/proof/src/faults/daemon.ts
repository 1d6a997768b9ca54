import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { Collector } from "./collector.ts";

/** A program of somebody else that runs until the test is over. */
export class Daemon {
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #output = new Collector<string>();

  constructor(program: string, args: readonly string[]) {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.pid = child.pid as number;
    const read = (chunk: Buffer): void => this.#output.add(chunk.toString());
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    this.ended = new Promise((resolve) => child.once("exit", resolve));
    onTestFinished(() => this.kill());
  }

  /** Resolves once its output has matched so many times; rejects if it ends before. */
  async says(pattern: RegExp, times = 1): Promise<void> {
    const all = new RegExp(pattern, "g");
    const count = (): number => this.#output.items.join("").match(all)?.length ?? 0;
    const said = this.#output.first(() => count() >= times);
    const ended = this.ended.then(() => {
      throw new Error(`It ended:\n${this.#output.items.join("")}`);
    });
    await Promise.race([said, ended]);
  }

  /** SIGTERM, for SIGKILL would leave the workers of nginx behind. */
  async kill(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    this.#child.kill(signal);
    await this.ended;
  }
}

/** A folder that is removed when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "faults-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
