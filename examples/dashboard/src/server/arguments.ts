import { parseArgs } from "node:util";

export const defaultPort: number = 4_300;

export const help: string = `Usage: dashboard [--port N]

Serves a page that shows how a stream-tungstenite client fares, and the feed it listens to, at 127.0.0.1.

  --port N   port to listen at, 0 for any free one (default: the variable PORT, else ${defaultPort})
  --help     this text
`;

/** A command line that cannot be followed; its message says why, one fault a line. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

/** The port that the command line names, else the environment. @throws UsageError */
export function parseArguments(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): { readonly port: number } | "help" {
  let values;
  try {
    ({ values } = parseArgs({
      // Package managers hand a separating "--" through to the script.
      args: argv[0] === "--" ? argv.slice(1) : [...argv],
      options: { port: { type: "string" }, help: { type: "boolean", short: "h" } },
    }));
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
  if (values.help === true) return "help";
  if (values.port !== undefined) return { port: portOf("--port", values.port) };
  const { PORT } = environment;
  return { port: PORT === undefined || PORT === "" ? defaultPort : portOf("PORT", PORT) };
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`${name} must be a number from 0 to 65535, not "${text}"`);
}
