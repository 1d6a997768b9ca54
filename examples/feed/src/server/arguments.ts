import { flag, parseFlags, wholeNumber } from "../flags.ts";

/** How the server's process is started. */
export interface ServerOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly seed: number;
  /** Path of the journal. */
  readonly journal: string;
}

export const serverHelp = `Usage: node examples/feed/dist/server/index.js [options]

The demo's market-data server on its own, at 127.0.0.1. Run the demo against it with --url.

  --port N         port to listen at (default 9000; 0: any free one)
  --seed N         seed of the random walk (default 1)
  --journal PATH   file with the orders received; survives restarts (default feed-journal.jsonl)
  --help           this text

The token that clients must show is the environment variable FEED_TOKEN (default "demo").
`;

/** Reads the server's command line. @throws UsageError that lists every fault */
export function parseServerArguments(argv: readonly string[]): ServerOptions | "help" {
  const defaults: ServerOptions = { port: 9_000, seed: 1, journal: "feed-journal.jsonl" };
  return parseFlags(argv, defaults, {
    port: flag("N", wholeNumber(0, 65_535)),
    seed: flag("N", wholeNumber(0, 2 ** 32 - 1)),
    journal: flag("PATH", (text) => text),
  });
}
