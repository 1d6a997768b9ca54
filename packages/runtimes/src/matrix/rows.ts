import { closeCodes } from "../probes/close-codes.ts";
import type { ContestantResult, Fact, Observation, Tally } from "./observation.ts";

/** A row: what is asked, and the answer of a runtime. */
export interface Row {
  readonly title: string;
  readonly cell: (observation: Observation) => string;
}

/** A table of the page. */
export interface Section {
  readonly title: string;
  /** What stands above the table. */
  readonly text: string;
  readonly rows: readonly Row[];
}

const absent = "–";

/** The title of the one row that a newer browser alone may change. */
export const versionTitle = "version";

const transports = ["browserTransport", "webSocketStreamTransport", "nodeTransport"];

/** What transports may be able to do, in the contract's words. */
const abilities: readonly (readonly [name: string, title: string])[] = [
  ["headers", "sets headers"],
  ["drain", "tells when what is buffered has fallen"],
  ["flush", "tells when all is on the network"],
  ["pause", "pauses receiving, down to TCP"],
  ["ping", "sends protocol pings"],
  ["activity", "notices the server's pings"],
  ["errors", "tells status and phase of a failed dial"],
];

/** All tables of the page. */
export const sections: readonly Section[] = [
  {
    title: "The transports",
    text: `\`browserTransport\` stands on the platform's \`WebSocket\`, \`webSocketStreamTransport\` on its \`WebSocketStream\`,
\`nodeTransport\` on \`ws\`. Each runs the contract that transports keep and the client's main scenarios: reconnect, handshakes
in order, queue across an outage, heartbeat, close codes, binary and large messages, options that are not supported. Cases of
the contract that need what a transport states it cannot do are not among those counted.`,
    rows: [
      { title: versionTitle, cell: ({ version }) => version },
      ...transports.flatMap((name) => [
        of(name, "contract", ({ contract }) => tally(contract)),
        of(name, "scenarios", ({ scenarios }) => tally(scenarios)),
      ]),
    ],
  },
  {
    title: "What they can do",
    text: `The contract tries what a transport states here, and that it has no method for what it cannot do.`,
    rows: transports.flatMap((name) =>
      abilities.map(([ability, title]) =>
        of(name, title, ({ abilities: able }) => show(able[ability])),
      ),
    ),
  },
  {
    title: "What the platform's own WebSocket does",
    text: `Found out with the bare \`WebSocket\`: what the transports even out, or cannot.`,
    rows: [
      fact("a refused dial ends with", "failed dial"),
      fact("code of an abnormal closure", "abnormal code"),
      fact("`close` takes 1000, 3000–4999 and", "close codes sent", beyond([1000, 3000, 4999])),
      fact("`close` refuses a reason above 123 bytes", "refuses long reasons"),
      fact("close codes of the server that become 1006", "close codes received", missing),
      fact("`bufferedAmount` stays while the server does not read", "bufferedAmount"),
      fact("takes headers", "headers"),
      fact("`binaryType` at first", "default binaryType"),
      fact("`ping()`", "ping()"),
      fact("`WebSocketStream`", "WebSocketStream"),
    ],
  },
  {
    title: "Events of the surroundings",
    text: `Those that \`environment()\` heeds where they are; it works without them, too.`,
    rows: [
      "online and offline",
      "visibilitychange",
      "freeze and resume",
      "pagehide and pageshow",
    ].map((name) => fact(name, name)),
  },
];

function of(name: string, title: string, cell: (result: ContestantResult) => string): Row {
  return {
    title: `\`${name}\`: ${title}`,
    cell: ({ contestants: { [name]: result } }) => (result ? cell(result) : absent),
  };
}

function fact(title: string, name: string, cell: (fact: Fact) => string = show): Row {
  return {
    title,
    cell: ({ platform: { [name]: found } }) => (found === undefined ? absent : cell(found)),
  };
}

function tally({ passed, of: all }: Tally): string {
  return `${passed} of ${all}`;
}

function show(found: Fact | undefined): string {
  if (typeof found === "boolean") return found ? "yes" : "no";
  return found === undefined ? absent : String(found);
}

/** Those of the codes that are not among the usual ones. */
function beyond(usual: readonly number[]): (fact: Fact) => string {
  return (fact) =>
    String(fact)
      .split(", ")
      .filter((code) => !usual.includes(Number(code)))
      .join(", ") || "no other";
}

/** Those of the codes tried that were not told. */
function missing(fact: Fact): string {
  const told = new Set(String(fact).split(", ").map(Number));
  return closeCodes.filter((code) => !told.has(code)).join(", ") || "none";
}
