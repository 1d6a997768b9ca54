import type { Verdict } from "./ledger.ts";
import type { Cause, Told } from "./told.ts";

/** What was told, as Markdown, equal ones once with their count. */
export function describeTold(told: readonly Told[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const each of told) {
    const text = describe(each);
    if (text) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => (count === 1 ? text : `${text} (${count} times)`));
}

function describe(told: Told): string | undefined {
  switch (told.type) {
    case "disconnected":
      return `\`disconnected\`: ${told.cause ? describeCause(told.cause) : "as asked"}`;
    case "error":
      return `\`error\`: ${describeCause(told.cause)}`;
    case "fatal":
      return `\`fatal\`: ${describeCause(told.cause)}: "${quoted(told.cause.message)}"`;
    case "dropped":
      return `\`dropped\`: ${plural(told.numbers.length, "message")}, reason "${told.reason}"`;
    default:
      return undefined;
  }
}

function describeCause({ name, phase, status, retryAfter, close, because }: Cause): string {
  const details = [
    phase && `phase \`${phase}\``,
    status && `HTTP ${status}`,
    retryAfter && `retry after ${retryAfter} ms`,
    close && `close code ${close}`,
    because,
  ];
  return [name, ...details.filter(Boolean)].join(", ");
}

/** What became of the messages. */
export function describeLosses({
  accepted,
  received,
  reported,
  unknown,
  ...more
}: Verdict): string {
  const parts = [];
  if (received === accepted) parts.push(`nothing of ${plural(accepted, "message")}`);
  if (unknown > 0) {
    parts.push(`${unknown} of ${accepted} unknown, told by \`disconnected\``);
    if (more.buffered > 0) parts.push(`\`bufferedAmount\` ${more.buffered}`);
  }
  if (reported > 0) parts.push(`${reported} of ${accepted}, each told by \`dropped\``);
  if (more.late > 0) parts.push(`${more.late} arrived later than newer ones`);
  return parts.join("; ");
}

/** The ports of a run mean nothing to readers, and HTML that a message quotes would be taken for the page's. */
function quoted(message: string): string {
  return message.replaceAll("<", "&lt;").replaceAll(/(127\.0\.0\.1|10\.0\.0\.\d):\d+/g, "$1:…");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
