import { randomUUID } from "node:crypto";
import { help, parseArguments, type DemoArguments } from "./arguments.ts";
import type { Clock } from "./clock.ts";
import { runDemo } from "./demo.ts";
import type { Summary } from "./events.ts";
import { startEmbeddedServer } from "./faults/embedded.ts";
import { UsageError } from "./flags.ts";
import { verdict } from "./verdict.ts";
import { chooseView, type Output } from "./view/choose.ts";

/** The process around the demo. */
export interface Host {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly output: Output;
  /** Writes to the error output. */
  readonly complain: (text: string) => void;
  /** Aborts when the user has seen enough. */
  readonly signal: AbortSignal;
  /** The module of the server's process. */
  readonly serverEntry: string;
}

/** Runs the program; answers with its exit code (see `--help`). */
export async function main(host: Host): Promise<number> {
  const { environment, clock, output, signal } = host;
  let parsed: DemoArguments | "help";
  try {
    parsed = parseArguments(host.argv);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    for (const fault of error.faults) host.complain(`feed: ${fault}\n`);
    host.complain("Run with --help to see the options.\n");
    return 2;
  }
  if (parsed === "help") {
    output.write(help);
    return 0;
  }

  const { url, seconds, seed, json, verbose } = parsed;
  const view = chooseView(output, environment, json);
  const log = (line: string): void => view.aside(() => host.complain(`${line}\n`));
  let summary: Summary;
  try {
    summary = await runDemo({
      clock,
      view,
      url,
      seconds,
      seed,
      token: environment["FEED_TOKEN"] ?? "demo",
      session: randomUUID(),
      signal,
      log: verbose ? log : undefined,
      startServer: (onUnexpectedExit) =>
        startEmbeddedServer({ clock, seed, entry: host.serverEntry, onUnexpectedExit }),
    });
  } catch (error) {
    host.complain(`feed: ${(error as Error).message}\n`);
    return 3;
  }
  view.summary(summary);
  switch (verdict(summary)) {
    case "accounted":
      return 0;
    case "unaccounted":
      return 1;
    case "gave up":
    case "never connected":
      return 3;
  }
}
