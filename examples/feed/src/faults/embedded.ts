import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sleep, type Clock } from "../clock.ts";
import type { Command, Report } from "../server/control.ts";
import { feedPath } from "../server/feed-server.ts";
import type { FaultyServer } from "./server.ts";

export interface EmbeddedOptions {
  readonly clock: Clock;
  readonly seed: number;
  /** The module to run. */
  readonly entry: string;
  /** Milliseconds before a server that went by itself is started again. @defaultValue 600 */
  readonly downtime?: number | undefined;
  /** The server went without having been told to; it is started again. */
  readonly onUnexpectedExit: (reason: string) => void;
}

// Longer than any machine needs to start a process; then something is wrong with it.
const longestStart = 15_000;

/** Starts the feed server in a process of its own. Neither the process nor its files outlive this one. */
export async function startEmbeddedServer(options: EmbeddedOptions): Promise<FaultyServer> {
  const directory = mkdtempSync(join(tmpdir(), "feed-"));
  const journal = join(directory, "journal.jsonl");
  let child: ChildProcess;
  let port = 0;
  let stopped = false;

  const cleanUp = (): void => {
    child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  };
  const start = async (): Promise<void> => {
    const flags = ["--port", String(port), "--seed", String(options.seed), "--journal", journal];
    child = fork(options.entry, flags, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    // A server that is on its way out cannot take a command any more; its exit says enough.
    child.on("error", () => {});
    port = await listening(child, options.clock);
    child.once("exit", onExit);
  };
  const onExit = (code: number | null, signal: string | null): void => {
    options.onUnexpectedExit(signal ?? `exit code ${code}`);
    restart(options.downtime ?? 600).catch((error: Error) =>
      options.onUnexpectedExit(error.message),
    );
  };
  const exit = (): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve();
      child.off("exit", onExit);
      child.once("exit", () => resolve());
      child.kill("SIGKILL");
    });
  const tell = (command: Command): void => {
    if (child.connected) child.send(command);
  };

  // One at a time: two children would fight for the port, and one of them be forgotten.
  let restarting: Promise<void> | undefined;
  const restart = (downtime: number): Promise<void> =>
    (restarting ??= tryToStart(downtime).finally(() => (restarting = undefined)));
  const tryToStart = async (downtime: number): Promise<void> => {
    for (let triesLeft = 3; ; triesLeft--) {
      await sleep(options.clock, downtime);
      if (stopped) return;
      try {
        await start();
        return;
      } catch (error) {
        // Somebody may have borrowed the port meanwhile; and stop() ends a server that just starts.
        if (triesLeft === 1 && !stopped) throw error;
      }
    }
  };

  process.once("exit", cleanUp);
  const forget = (): void => {
    cleanUp();
    process.removeListener("exit", cleanUp);
  };
  try {
    await start();
  } catch (error) {
    forget();
    throw error;
  }
  return {
    get pid() {
      return child.pid ?? 0;
    },
    url: `ws://127.0.0.1:${port}${feedPath}`,
    close: (code, reason) => tell({ type: "close", code, reason }),
    refuse: (count, retryAfter) => tell({ type: "refuse", count, retryAfter }),
    fallSilent: () => tell({ type: "silence" }),
    async kill(downtime) {
      await exit();
      await restart(downtime);
    },
    async stop() {
      stopped = true;
      await exit();
      forget();
    },
  };
}

function listening(child: ChildProcess, clock: Clock): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => {
      settle();
      child.kill("SIGKILL");
      reject(new Error(`The feed server's process ${what} before it listened`));
    };
    const cancel = clock.schedule(longestStart, () => fail(`took more than ${longestStart} ms`));
    const onMessage = (message: unknown): void => {
      settle();
      resolve((message as Report).port);
    };
    const onExit = (code: number | null, signal: string | null): void =>
      fail(`ended with ${signal ?? `exit code ${code}`}`);
    const settle = (): void => {
      cancel();
      child.off("message", onMessage);
      child.off("exit", onExit);
    };
    child.once("message", onMessage);
    child.once("exit", onExit);
  });
}
