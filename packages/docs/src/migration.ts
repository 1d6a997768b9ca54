import { readFileSync } from "node:fs";
import { areas } from "./parity/rows.ts";
import type { Area, Row } from "./parity/row.ts";
import { table } from "tooling/table";

/** Where the page is kept. */
export const page: URL = new URL("../migration.md", import.meta.url);

/** Pairs of files in `snippets`: the same in Rust and in TypeScript. */
export const snippets: readonly { readonly title: string; readonly file: string }[] = [
  { title: "Connect and receive", file: "receive" },
  { title: "Send", file: "send" },
  { title: "Configure", file: "configure" },
  { title: "Retry", file: "retry" },
  { title: "Authenticate", file: "authenticate" },
  { title: "Subscribe, after authenticating", file: "subscribe" },
  { title: "Extend", file: "extend" },
  { title: "Log, and look at the status", file: "watch" },
  { title: "Follow events", file: "events" },
  { title: "Look at the state", file: "state" },
  { title: "Handle errors", file: "errors" },
  { title: "TLS", file: "secure" },
];

const introduction = `# Coming from the Rust crate

stream-tungstenite for TypeScript descends from the Rust crate \`stream-tungstenite\` 0.6. It does what the crate does,
under names that are usual in TypeScript. This page has what behaves differently, the common things side by side, and
every feature of the crate with its name here. Each row of the tables with a behaviour is run against a real server by
the tests beside this page; the page is generated from the same data.

## What behaves differently

- **Connected means greeted.** \`connected\` and \`isConnected\` come after the application handshakes, and nothing your
  application sends overtakes them. In the crate they come before, as soon as the socket is open. That moment is the
  event \`open\` here.
- **The retry count starts again only after stable uptime.** The crate starts again at every open connection, so a
  server that accepts and drops is dialled at the shortest delay for ever. Here a connection has to last for
  \`stableAfter\`.
- **A failed handshake backs off.** \`handshakeRetryDelay\` is the least delay, above which the strategy goes on; in the
  crate it is the only one. A refusal is fatal instead of repeated.
- **Queued messages survive a loss.** They wait for the next connection, in order, and bound \`send\` functions go on
  working; in the crate both are gone with the connection. Delivery is at most once: what was handed to the network is
  never sent again, and \`disconnected.bufferedAmount\` says how many bytes have an unknown fate.
- **A slow reader slows the server.** The crate drops the oldest messages, and a receive loop that does not know
  \`Lagged\` ends at the first such loss. Here dropping is a choice of the reader, and its loop goes on.
- **Full jitter by default, at the cap too.** A delay is anywhere between 0 and the backoff. The crate adds a fraction
  and cuts it off at the cap, so that clients come back together. \`jitter: "none"\` is there if you need exact delays.
- **Close codes and HTTP statuses are judged.** 404, 1008, 4401 and the like end the client with the error; the table
  of what is retried is in the README of \`core\`. \`shouldReconnect\` judges otherwise.
- **\`receiveTimeout\` is off.** \`heartbeat()\` notices dead connections sooner and does not mistake silence for death.
- **\`close()\` is final.** A closed client does not come back; \`disconnect()\` is the verb for a pause.
- **Durations are milliseconds**, and options that cannot work throw one error that lists all of them.

## Side by side
`;

/** The whole page. */
export function migrationPage(): string {
  return [
    introduction,
    ...snippets.map(sideBySide),
    "## Every feature\n",
    '"Same" does what the crate does; "more" does that, and what is said behind it.\n',
    ...areas.map(areaTable),
  ].join("\n");
}

function sideBySide({ title, file }: (typeof snippets)[number]): string {
  const block = (language: string, extension: string): string => {
    const code = readFileSync(new URL(`snippets/${file}.${extension}`, import.meta.url), "utf8");
    return `\`\`\`${language}\n${code}\`\`\`\n`;
  };
  return `### ${title}\n\n${block("rust", "rs")}\n${block("ts", "ts")}`;
}

function areaTable({ title, rows }: Area): string {
  const head = ["#", "feature", "Rust crate 0.6", "here", "verdict"];
  const body = rows.map((row) => [
    String(row.number),
    row.feature,
    row.crate,
    row.ours,
    verdictOf(row),
  ]);
  return `### ${title}\n\n${table([head, ...body])}`;
}

function verdictOf(row: Row): string {
  const said = "why" in row ? row.why : row.difference;
  return said === undefined ? row.verdict : `${row.verdict}: ${said}`;
}
