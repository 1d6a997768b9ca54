import { dirname } from "node:path";
import { rmdirSync, rmSync } from "node:fs";
import { systemClock } from "../clock.ts";
import { UsageError } from "../flags.ts";
import { parseServerArguments, serverHelp, type ServerOptions } from "./arguments.ts";
import type { Command, Report } from "./control.ts";
import { feedPath, startFeedServer, type FeedServer } from "./feed-server.ts";
import { openJournal, type Journal } from "./journal.ts";

/** The process around the server, as far as it is needed: its IPC channel, if it has one, and its way out. */
export interface Host {
  readonly argv: readonly string[];
  readonly token: string;
  /** Absent when no parent listens. */
  readonly report?: ((report: Report) => void) | undefined;
  readonly onCommand: (listener: (command: Command) => void) => void;
  /** The parent is gone. */
  readonly onOrphaned: (listener: () => void) => void;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  readonly exit: (code: number) => void;
}

/** Starts the server; answers with what stops it, or with nothing if it told its host to exit. */
export async function runServer(host: Host): Promise<(() => Promise<void>) | undefined> {
  let options: ServerOptions | "help";
  try {
    options = parseServerArguments(host.argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    host.complain(`${error.message}\nRun with --help to see the options.\n`);
    host.exit(2);
    return undefined;
  }
  if (options === "help") {
    host.print(serverHelp);
    host.exit(0);
    return undefined;
  }

  const { port, seed, journal } = options;
  // An orphan has nobody to serve, and its journal nobody who would remove it.
  host.onOrphaned(() => {
    discard(journal);
    host.exit(0);
  });
  let server: FeedServer;
  let books: Journal;
  try {
    books = openJournal(journal, systemClock.now());
    server = await startFeedServer({
      clock: systemClock,
      port,
      seed,
      token: host.token,
      journal: books,
    });
  } catch (error) {
    host.complain(`The feed server cannot start: ${(error as Error).message}\n`);
    host.exit(1);
    return undefined;
  }
  host.onCommand((command) => obey(server, command));
  if (host.report === undefined) {
    host.print(`feed server at ws://127.0.0.1:${server.port}${feedPath}, journal ${journal}\n`);
  } else host.report({ type: "listening", port: server.port });
  return async () => {
    await server.stop();
    books.close();
  };
}

function obey(server: FeedServer, command: Command): void {
  switch (command.type) {
    case "close":
      return server.closeAll(command.code, command.reason);
    case "refuse":
      return server.refuse(command.count, command.retryAfter);
    case "silence":
      return server.fallSilent();
  }
}

/** Removes the file and its directory, the latter only if nothing else is in it. */
function discard(path: string): void {
  rmSync(path, { force: true });
  try {
    rmdirSync(dirname(path));
  } catch {
    // Somebody else's files are there.
  }
}
