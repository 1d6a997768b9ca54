import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import type { Choice } from "./run/plan.ts";
import { UsageError } from "./usage-error.ts";

/** What the command line asks for. */
export interface Command extends Choice {
  readonly help: boolean;
  readonly list: boolean;
  readonly page: boolean;
  readonly browser: boolean;
  readonly node: string | undefined;
  readonly output: string | undefined;
  readonly publish: boolean;
  readonly profiles: string | undefined;
}

export const usage = `Usage: pnpm benchmark [options]

  --check         the short form: a few minutes, fails on a clear regression
  --only PART     the work PART, or those whose names contain it; may be given several times
  --rounds N      rounds of each work
  --scale X       factor on how long messages flow, and on what is counted
  --node FILE     the Node that the clients run on, instead of this one
  --browser       Chromium instead of Node: our transport against the bare WebSocket
  --output DIR    where results.json, benchmark.svg and benchmark.md go
  --publish       into the documentation; works that are not measured now keep their figures
  --profile DIR   writes CPU profiles of what is measured as a rate; with --publish they are what is published
  --page          writes the page of the documentation anew, from what is kept
  --list          prints the works that would be measured
  --help`;

const options = {
  check: { type: "boolean", default: false },
  only: { type: "string", multiple: true, default: [] },
  rounds: { type: "string" },
  scale: { type: "string" },
  node: { type: "string" },
  browser: { type: "boolean", default: false },
  output: { type: "string" },
  publish: { type: "boolean", default: false },
  profile: { type: "string" },
  list: { type: "boolean", default: false },
  page: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const satisfies ParseArgsOptionsConfig;

/** @throws UsageError for what makes no sense */
export function parseCommand(args: readonly string[]): Command {
  try {
    return read(args);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // The lines after the first of what Node complains about are advice for who writes the program.
    throw new UsageError(error.message.split("\n")[0], { cause: error });
  }
}

function read(args: readonly string[]): Command {
  const { values } = parseArgs({ args: [...args], options });
  const {
    check,
    only,
    node,
    browser,
    output,
    publish,
    profile: profiles,
    list,
    page,
    help,
  } = values;
  const rounds = positive("--rounds", values.rounds);
  const scale = positive("--scale", values.scale);
  if (rounds !== undefined && !Number.isInteger(rounds)) {
    throw new UsageError(`--rounds: a whole number is needed, not ${rounds}`);
  }
  return { check, only, node, browser, output, publish, profiles, list, page, help, rounds, scale };
}

function positive(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (value > 0 && value < Infinity) return value;
  throw new UsageError(`${option}: a number above 0 is needed, not ${text}`);
}
