import { decimalNumber, flag, parseFlags, toggle, wholeNumber } from "./flags.ts";

/** What the command line asks for. */
export interface DemoArguments {
  /** A server that runs already; without one the demo starts its own, and makes it fail. */
  readonly url: string | undefined;
  readonly seconds: number;
  readonly seed: number;
  readonly json: boolean;
  /** The client keeps a log. */
  readonly verbose: boolean;
}

export const help = `Usage: pnpm demo [options]    or    node examples/feed/dist/index.js [options]

A market-data client that stays connected. The demo starts a feed server in a process of its own and
makes it fail while the client runs: the server is killed and restarted, closes with several codes,
refuses dials with 503 and Retry-After, and falls silent without closing. Meanwhile the client receives
trades and order books and sends numbered orders. At the end every order is accounted for.

  --url URL      connect to a feed server that runs already (ws:// or wss://); no faults are injected.
                 "node examples/feed/dist/server/index.js" starts one
  --seconds N    how long to run, 1 to 3600 (default 20; some faults are left out below 18)
  --seed N       a whole number (default 1). Seeded are prices, orders, the plan of the faults and the
                 jitter of the retry delays; what the network and the scheduler do is not
  --json         one JSON object a line for every event, the summary last, nothing else on stdout
  --verbose      the client's own log on stderr: every state, every failure, no messages
  --help         this text

Environment: FEED_TOKEN is the token shown to the server (default "demo"); NO_COLOR switches colours off.

Exit codes:
  0  every accepted order is receipted, or was reported as dropped or as of unknown fate
  1  an order is missing that was not reported, or was delivered more than it should
  2  the command line is wrong
  3  no connection could be made, the client gave up, or the demo's own server could not be started
  130, 143  interrupted
`;

/** Reads the demo's command line. @throws UsageError that lists every fault */
export function parseArguments(argv: readonly string[]): DemoArguments | "help" {
  const defaults: DemoArguments = {
    url: undefined,
    seconds: 20,
    seed: 1,
    json: false,
    verbose: false,
  };
  return parseFlags(argv, defaults, {
    url: flag("ws://…", webSocketUrl),
    seconds: flag("N", decimalNumber(1, 3_600)),
    seed: flag("N", wholeNumber(0, 2 ** 32 - 1)),
    json: toggle,
    verbose: toggle,
  });
}

/** Never shows more than scheme and host of what was given: a URL may hold credentials. */
function webSocketUrl(text: string): string {
  if (!URL.canParse(text))
    throw new Error("must be a ws:// or wss:// URL; what was given is no URL");
  const url = new URL(text);
  if (url.protocol !== "ws:" && url.protocol !== "wss:") {
    throw new Error(`must be a ws:// or wss:// URL, not ${url.protocol}//${url.host}`);
  }
  if (url.hash !== "") throw new Error("must have no fragment (RFC 6455 §3)");
  return text;
}
