import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";

/** Where windows open. */
export interface Display {
  /** What a program needs in its environment to find it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The display that there is, or one that nobody sees, of an Xvfb started for it. */
export async function display(displayOrXvfb: string): Promise<Display> {
  if (!displayOrXvfb.endsWith("Xvfb")) return { environment: {}, async close() {} };
  // It chooses a free number and writes it to the descriptor named once it takes connections.
  const xvfb = spawn(
    displayOrXvfb,
    ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] },
  );
  const exited = once(xvfb, "exit");
  const number = await Promise.race([
    once(xvfb.stdio[3] as Readable, "data"),
    exited.then(() => Promise.reject(new Error("Xvfb did not start"))),
  ]);
  return {
    environment: { DISPLAY: `:${String(number[0]).trim()}` },
    async close() {
      xvfb.kill();
      await exited;
    },
  };
}
