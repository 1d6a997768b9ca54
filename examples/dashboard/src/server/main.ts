import type { Clock } from "@stream-tungstenite/core";
import { help, parseArguments, UsageError } from "./arguments.ts";
import { startDashboardServer, type DashboardServer } from "./dashboard-server.ts";

/** The process around the server. */
export interface Host {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Where the built page is. */
  readonly page: string;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** Starts the server; answers with it, or with the exit code if there is nothing to serve. */
export async function main(host: Host): Promise<DashboardServer | number> {
  const { clock, page, print, complain } = host;
  let parsed;
  try {
    parsed = parseArguments(host.argv, host.environment);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`dashboard: ${error.message}\nRun with --help to see the options.\n`);
    return 2;
  }
  if (parsed === "help") {
    print(help);
    return 0;
  }
  const { port } = parsed;
  try {
    const server = await startDashboardServer({ clock, port, page });
    print(`The dashboard is at ${server.url}\nPress Ctrl-C to stop it.\n`);
    return server;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason =
      code === "EADDRINUSE"
        ? `port ${port} is taken; choose another with --port N or PORT=N, 0 for any free one`
        : message;
    complain(`dashboard: ${reason}\n`);
    return 1;
  }
}
