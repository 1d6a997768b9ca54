import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A server of somebody else in a process of its own, which a test may kill and start again. */
export interface Daemon {
  start(): Promise<void>;
  /** Runs another program to its end, with the same placeholders. */
  run(program: string, args: readonly string[]): Promise<void>;
  /** Resolves when the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Kills it and removes its files. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The path of a program, or undefined after saying loudly what will not be tested. */
export function findProgram(name: string, what: string): string | undefined {
  // Debian keeps servers where an ordinary user's PATH does not look.
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next folder may have it.
    }
  }
  console.warn(`\n!!! ${name} is not installed: ${what} is NOT TESTED on this machine !!!\n`);
  return undefined;
}

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * A daemon that is ready once its output matches. In its arguments and its configuration `{file}` stands for
 * the file that holds the configuration, `{folder}` for a folder of its own.
 */
export function daemon(
  program: string,
  args: readonly string[],
  ready: RegExp,
  config = "",
): Daemon {
  const folder = mkdtempSync(join(tmpdir(), "daemon-"));
  const file = join(folder, "config");
  const fill = (text: string): string =>
    text.replaceAll("{file}", file).replaceAll("{folder}", folder);
  writeFileSync(file, fill(config));
  let child: ChildProcess | undefined;
  return {
    async start() {
      const started = spawn(program, args.map(fill), {
        cwd: folder,
        stdio: ["ignore", "pipe", "pipe"],
      });
      child = started;
      let output = "";
      await new Promise<void>((resolve, reject) => {
        const read = (chunk: Buffer): void => {
          output += chunk.toString();
          if (ready.test(output)) resolve();
        };
        started.stdout.on("data", read);
        started.stderr.on("data", read);
        started.once("error", reject);
        started.once("exit", () => reject(new Error(`${program} ended:\n${output}`)));
      });
    },
    async run(other, otherArgs) {
      const status = await new Promise((resolve, reject) => {
        spawn(other, otherArgs.map(fill), { cwd: folder, stdio: "ignore" })
          .once("error", reject)
          .once("exit", resolve);
      });
      if (status !== 0) throw new Error(`${other} ended with ${String(status)}`);
    },
    async kill(signal = "SIGKILL") {
      const running = child;
      child = undefined;
      if (!running || running.exitCode !== null || running.signalCode !== null) return;
      const gone = new Promise((resolve) => running.once("exit", resolve));
      running.kill(signal);
      await gone;
    },
    async [Symbol.asyncDispose]() {
      await this.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
