import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "rig/free-port";
import { Daemon, temporaryFolder } from "./daemon.ts";

/** tinyproxy, an HTTP CONNECT proxy that wants a password. */
export interface Tinyproxy {
  readonly port: number;
  /** Starts it, or starts it again with another password of its user `alice`. */
  start(password: string): Promise<void>;
  kill(): Promise<void>;
}

/** Prepares tinyproxy; it does not run yet. */
export async function tinyproxy(program: string): Promise<Tinyproxy> {
  const file = join(temporaryFolder(), "tinyproxy.conf");
  const port = await freePort();
  let running: Daemon | undefined;
  return {
    port,
    async start(password) {
      writeFileSync(file, config(port, password));
      running = new Daemon(program, ["-d", "-c", file]);
      await running.says(/Accepting connections/);
    },
    async kill() {
      await running?.kill("SIGKILL");
    },
  };
}

const config = (port: number, password: string): string => `
Port ${port}
Listen 127.0.0.1
Timeout 60
LogLevel Info
BasicAuth alice ${password}
`;
