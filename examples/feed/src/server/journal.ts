import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { RangeSet, type Range } from "../ranges.ts";

/**
 * The server's books: an append-only file that outlives the process. Its first line tells when the feed began, so
 * that a restarted server goes on with the numbering; every other line is one order.
 *
 * ```text
 * {"epoch":1700000000000}
 * ["session",1]
 * ["session",2]
 * ```
 */
export interface Journal {
  /** When the feed began, milliseconds since the epoch. */
  readonly epoch: number;
  /** Enters the order; false when it is in the books already. */
  enter(session: string, number: number): boolean;
  /** All orders of the session. */
  orders(session: string): readonly Range[];
  close(): void;
}

/** Opens the books, or begins new ones at `now`. Throws if the file is something else. */
export function openJournal(path: string, now: number): Journal {
  const file = openSync(path, "a+");
  const content = readFileSync(path);
  // A server killed in the middle of a write leaves half a line: it was never receipted, so it never was.
  const whole = content.lastIndexOf("\n") + 1;
  if (whole < content.length) ftruncateSync(file, whole);
  const [first, ...rest] = content.toString("utf8", 0, whole).split("\n").slice(0, -1);

  const sessions = new Map<string, RangeSet>();
  const orders = (session: string): RangeSet => {
    let set = sessions.get(session);
    if (set === undefined) sessions.set(session, (set = new RangeSet()));
    return set;
  };
  let epoch = now;
  try {
    if (first === undefined) writeSync(file, `${JSON.stringify({ epoch })}\n`);
    else epoch = readEpoch(first);
    for (const line of rest) {
      const [session, number] = JSON.parse(line) as [string, number];
      orders(session).add(number);
    }
  } catch (cause) {
    closeSync(file);
    throw new Error(`${path} is not a journal of this server`, { cause });
  }

  return {
    epoch,
    enter(session, number) {
      if (!orders(session).add(number)) return false;
      // Synchronous, and before the receipt: what the kernel has survives the process.
      writeSync(file, `${JSON.stringify([session, number])}\n`);
      return true;
    },
    orders: (session) => orders(session).ranges,
    close: () => closeSync(file),
  };
}

function readEpoch(line: string): number {
  const { epoch } = JSON.parse(line) as { readonly epoch?: unknown };
  if (typeof epoch !== "number") throw new Error("its first line names no epoch");
  return epoch;
}
