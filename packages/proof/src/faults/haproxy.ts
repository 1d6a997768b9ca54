import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "rig/free-port";
import type { Identity } from "./certificates.ts";
import { Daemon, temporaryFolder } from "./daemon.ts";
import type { Front } from "./front.ts";

/** What may differ from a plain haproxy. */
export interface HaproxyOptions {
  /** Stand in its `frontend`. */
  readonly rules?: string;
  /** User and password in the URL that leads to it. */
  readonly user?: string;
  /** Who it is, and whose clients it serves. */
  readonly tls?: Identity & { readonly ca: string };
}

/** Starts haproxy in front of a port. It reloads by a new process that takes over from the old one (`-sf`). */
export async function haproxy(
  program: string,
  target: number,
  { rules = "", user, tls }: HaproxyOptions = {},
): Promise<Front> {
  const folder = temporaryFolder();
  const file = join(folder, "haproxy.cfg");
  const port = await freePort();
  const pem = join(folder, "server.pem");
  const ca = join(folder, "ca.pem");
  if (tls) {
    writeFileSync(pem, tls.cert + tls.key);
    writeFileSync(ca, tls.ca);
  }
  const security = tls ? `ssl crt ${pem} ca-file ${ca} verify required` : "";
  const start = async (inside: string, ...more: string[]): Promise<Daemon> => {
    writeFileSync(file, config(`127.0.0.1:${port} ${security}`, target, inside));
    const daemon = new Daemon(program, ["-W", "-db", "-f", file, ...more]);
    await daemon.says(/Loading success/);
    return daemon;
  };
  let running = await start(rules);
  return {
    url: `${tls ? "wss" : "ws"}://${user ? `${user}@` : ""}127.0.0.1:${port}/`,
    async reload(inside = rules) {
      const old = running;
      running = await start(inside, "-sf", String(old.pid));
      await old.ended;
    },
  };
}

const config = (bind: string, target: number, rules: string): string => `
global
  hard-stop-after 100ms
defaults
  mode http
  timeout connect 5s
  retries 0
  timeout client 60s
  timeout server 60s
userlist users
  user alice insecure-password right-password
frontend front
  bind ${bind}
  ${rules}
  default_backend back
backend back
  server one 127.0.0.1:${target}
`;
