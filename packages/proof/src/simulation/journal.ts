import type { Message } from "@stream-tungstenite/core";

/** What one run of a schedule shows: broken rules, states of interest that were reached, and a trace. */
export class Journal {
  readonly broken: string[] = [];
  /** What was reached, each once. */
  readonly reached = new Set<string>();
  /** Only where somebody will read it: most runs leave none. */
  readonly trace: string[] | null;
  /** Counts whatever happens, so that two moments can be told apart. */
  tick = 0;
  readonly #now: () => number;

  constructor(now: () => number, traces: boolean) {
    this.#now = now;
    this.trace = traces ? [] : null;
  }

  /** A rule of the client's contract was broken. */
  breaks(rule: string): void {
    if (this.broken.length < 10) this.broken.push(rule);
    this.trace?.push(`      !!! ${rule}`);
  }

  saw(what: string): void {
    this.reached.add(what);
  }

  /** A line of the trace. */
  note(text: string): void {
    this.trace?.push(`      [${this.#now()}] ${text}`);
  }
}

/** What a message says, before the padding. */
export function textOf(message: Message): string {
  return typeof message === "string" ? message : String.fromCharCode(...message);
}

/** The number in `a17:xxx`; -1 in what is no such message. */
export function numberOf(text: string, kind: string): number {
  const end = text.indexOf(":");
  return text.startsWith(kind) && end > 0 ? Number(text.slice(1, end)) : -1;
}

/** How an error is named in traces and statistics. */
export function codeOf(error: unknown): string {
  return (
    (error as { code?: string } | null)?.code ??
    (error instanceof Error ? error.name : String(error))
  );
}
