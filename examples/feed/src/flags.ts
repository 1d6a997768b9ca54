import { parseArgs } from "node:util";

/** A command line that cannot be followed. `faults` lists all that is wrong with it. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/** One `--flag`: what stands for its value in the help, and how the value is read. */
export interface Flag<T> {
  /** `null`: the flag takes no value. */
  readonly placeholder: string | null;
  /** @throws Error whose message completes "--flag …" */
  readonly read: (text: string) => T;
}

/** A flag with a value. */
export function flag<T>(placeholder: string, read: (text: string) => T): Flag<T> {
  return { placeholder, read };
}

/** A flag that is there or not. */
export const toggle: Flag<boolean> = { placeholder: null, read: () => true };

/** Reads a whole number within limits, both included. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new Error(`must be a whole number from ${least} to ${most}, not "${text}"`);
  };
}

/** Reads a number within limits, both included. */
export function decimalNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= least && value <= most) return value;
    throw new Error(`must be a number from ${least} to ${most}, not "${text}"`);
  };
}

/**
 * Reads a command line; what it does not mention keeps its default. `--help` and `-h` win over all else.
 *
 * @throws UsageError
 */
export function parseFlags<T extends object>(
  argv: readonly string[],
  defaults: T,
  flags: { readonly [K in keyof T]-?: Flag<Exclude<T[K], undefined>> },
): T | "help" {
  const known = new Map<string, Flag<unknown>>(Object.entries(flags));
  const { tokens } = parseArgs({
    // Package managers hand a separating "--" through to the script.
    args: argv[0] === "--" ? argv.slice(1) : [...argv],
    options: {
      ...Object.fromEntries(
        [...known].map(([name, { placeholder }]) => [
          name,
          { type: placeholder === null ? "boolean" : "string" } as const,
        ]),
      ),
      help: { type: "boolean", short: "h" },
    },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });

  const isUnknown = (token: (typeof tokens)[number] | undefined): boolean =>
    token?.kind === "option" && !known.has(token.name) && token.inlineValue !== true;
  const values = new Map<string, unknown>(Object.entries(defaults));
  const faults: string[] = [];
  for (const [index, token] of tokens.entries()) {
    // What follows an unknown option is probably its value, and says nothing new.
    if (token.kind === "positional" && !isUnknown(tokens[index - 1])) {
      faults.push(`unexpected argument "${token.value}"`);
    }
    if (token.kind !== "option") continue;
    if (token.name === "help") return "help";
    const found = known.get(token.name);
    if (found === undefined) faults.push(`unknown option ${token.rawName}`);
    else if (found.placeholder === null && token.value !== undefined) {
      faults.push(`--${token.name} takes no value`);
    } else if (found.placeholder !== null && (token.value ?? "") === "") {
      faults.push(`--${token.name} needs a value: --${token.name} ${found.placeholder}`);
    } else {
      try {
        values.set(token.name, found.read(token.value ?? ""));
      } catch (error) {
        faults.push(`--${token.name} ${(error as Error).message}`);
      }
    }
  }
  if (faults.length > 0) throw new UsageError(faults);
  return Object.fromEntries(values) as T;
}
