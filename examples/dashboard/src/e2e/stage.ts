import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { fineClock } from "../clock.ts";
import { startDashboardServer, type DashboardServer } from "../server/dashboard-server.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A page as users get it, in a directory of its own until it is removed. */
export interface BuiltPage {
  readonly directory: string;
  remove(): Promise<void>;
}

export async function buildPage(): Promise<BuiltPage> {
  const directory = await mkdtemp(join(tmpdir(), "dashboard-page-"));
  await build({
    root,
    configFile: join(root, "vite.config.ts"),
    mode: "production",
    logLevel: "warn",
    build: { outDir: directory, emptyOutDir: true },
  });
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** A server of the page on a port of its own, whose restarts are short. */
export function startServer({ directory }: BuiltPage): Promise<DashboardServer> {
  return startDashboardServer({ clock: fineClock, port: 0, page: directory, restartTime: 500 });
}
