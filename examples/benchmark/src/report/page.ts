import type { Machine } from "../machine.ts";
import type { Results } from "../results.ts";
import { ratios, spread } from "../statistics.ts";
import { promised } from "../targets.ts";
import type { Subject } from "../task.ts";
import { values } from "../results.ts";
import { judge } from "../verdict.ts";
import { works, type Work } from "../work-list.ts";
import { plainName } from "./names.ts";
import { drawPlot, type Row } from "./plot.ts";
import { metricTable, ratioTable, targetTable, type ResultsById } from "./tables.ts";

const byId = ({ works }: Results): ResultsById => new Map(works.map((work) => [work.id, work]));

/** Series of the plot. */
const plotted: readonly Subject[] = [
  "tungstenite",
  "platform",
  "reconnecting-websocket",
  "partysocket",
  "websocket-ts",
];

const isPlotted = ({ id }: Work): boolean => /^(receive|send)-(text|binary)-[^-]+$/.test(id);

/** The plot: rates as ratios to bare `ws`. */
export function resultPlot(results: Results): string {
  const found = byId(results);
  const rows = works.filter(isPlotted).map(({ id, title, subjects }): Row => {
    const of = (who: Subject): readonly number[] => values(found.get(id), who, "rate");
    const dots = plotted
      .filter((who) => subjects.includes(who) && of(who).length > 0)
      .map((who) => {
        const { median, low, high } = spread(ratios(of(who), of("ws")));
        return { series: plainName(who), value: median, low, high };
      });
    return { label: title, dots };
  });
  return drawPlot({
    title: "Messages per second as a ratio to bare ws",
    axis: "bare ws = 1; further to the right is faster",
    series: plotted.map(plainName),
    rows: rows.filter(({ dots }) => dots.length > 0),
  });
}

/** The page of the documentation. */
export function resultPage(results: Results): string {
  const found = byId(results);
  const group = (pattern: RegExp): readonly Work[] => works.filter(({ id }) => pattern.test(id));
  const verdicts = promised
    .filter(({ work }) => found.has(work))
    .map((target) => judge(target, found));
  const metrics = (pattern: RegExp, names: readonly string[]): string =>
    group(pattern)
      .map((work) => metricTable(work, names, found))
      .filter((text) => text !== "")
      .join("\n");
  const sections: readonly (readonly [title: string, text: string, body: string])[] = [
    ["Targets", targetText, targetTable(verdicts)],
    ["Receiving", receiveText, ratioTable(group(/^receive-(text|binary)/), "rate", found)],
    ["Sending", sendText, ratioTable(group(/^send-(text|binary)/), "rate", found)],
    ["CPU time of sending", sendCpuText, ratioTable(group(/^send-text/), "cpu", found)],
    ["Round trips", echoText, metrics(/^echo-text/, ["p50", "p99", "p999"])],
    [
      "Protocols of their own",
      dialectText,
      ratioTable(group(/^(receive|send)-(graphql|socket)/), "rate", found) +
        (found.has("echo-socket.io-64b") ? "\n" : "") +
        metrics(/^echo-socket/, ["p50", "p99", "p999"]),
    ],
    ["Idle clients", idleText, metrics(/^idle-/, ["heap", "rss"])],
    ["Heartbeats", heartbeatText, metrics(/^heartbeat-/, ["cpu", "heap", "rss"])],
    ["Outages", outageText, metrics(/^outage/, ["late", "latest"])],
    ["A queue after an outage", drainText, metrics(/^drain/, ["queued", "drained"])],
    ["Many clients, many messages", "", ratioTable(group(/^(crowd|receive-1)/), "rate", found)],
    [
      "Chromium",
      chromiumText,
      ratioTable(group(/^chromium-(receive|send)/), "rate", found) +
        (found.has("chromium-echo-text-64b") ? "\n" : "") +
        metrics(/^chromium-echo/, ["p50", "p99"]),
    ],
    ["Import", importText, metrics(/^import/, ["import"])],
    ["Allocation", allocationText, metrics(/^allocate/, ["own", "all"])],
  ];
  return [
    introduction(results.machine, results.date),
    ...sections
      .filter(([, , body]) => body !== "")
      .map(([title, text, body]) => `## ${title}\n\n${text}${text === "" ? "" : "\n\n"}${body}`),
    method,
  ].join("\n");
}

function introduction({ cpu, cores, memory, system, node }: Machine, date: string): string {
  return `# Benchmark

What this client costs beside bare \`ws\`, and what other clients cost. Measured on ${date} on ${cores} cores of ${cpu},
${Math.round(memory / 2 ** 30)} GiB, ${system}, Node ${node}; ratios carry over to other machines, rates do not. \`pnpm benchmark\` measures it on yours.

![Messages per second of the clients as ratios to bare ws](benchmark.svg)
`;
}

const targetText = `What the client promises, each as the median over the rounds, with the quartiles in brackets. Where no unit is given it is
a ratio to bare \`ws\` in the same round.`;

const receiveText = `The server streams frames that it has encoded beforehand. Text reaches the application as a string, from bare \`ws\` by
\`data.toString()\`. The wrappers of the browser's interface get binary messages from \`ws\` as an \`ArrayBuffer\`, which is a copy.
"Bare socket" counts bytes without looking at them: that is how fast the server is.`;

const sendText = `Bursts of at most 100 messages and 256 KiB, each in one turn of the event loop, until the server has counted the last one.
"Bare socket" writes frames that were encoded beforehand: that is how fast the server counts. With compression Node's
\`WebSocket\` sends uncompressed messages, and \`ws\` does below 1 KiB.`;

const sendCpuText = `User and system time of the client's process, per message.`;

const echoText = `One message at a time: sent, echoed, received, and then the next.`;

const dialectText = `graphql-ws and socket.io-client speak protocols of their own, so they are compared with clients that encode and decode the
same frames by hand (\`JSON.parse\`, \`JSON.stringify\`). A GraphQL subscription has no messages to send.`;

const idleText = `Per client that is connected and does nothing.`;

const heartbeatText = `A sign of life every 5 seconds: pings by a hand-written loop around \`ws\`, and the heartbeat plugin, which asks only after
silence. CPU time per client and second.`;

const outageText = `The server drops the connection, does not listen for 50 ms, and the clients come back after 100 ms. \`ws\` has a hand-written
loop; "token and subscription" counts both confirmations.`;

const drainText = `100,000 messages are sent while the server is away; from the end of the chosen delay until the server has counted the last.
Around \`ws\` the queue is an array without bounds.`;

const chromiumText = `Client and page in the browser, beside its bare \`WebSocket\`, with \`transport-browser\`. Its clock is coarse, so short round
trips are, too.`;

const importText = `In a process that has imported nothing else. Ours includes \`ws\`; the wrappers bring no socket.`;

const allocationText = `By Node's sampling heap profiler, with the objects that were collected meanwhile, and with inlining off so that each
allocation counts for the file that asks for it. "All" includes the strings and bytes of the messages themselves.`;

const method = `## How it is measured

Every figure comes from a fresh process with one client (or one crowd of them), against a server in another. The
subjects of a work take turns, forwards in one round and backwards in the next; a ratio compares figures of the same round,
and what stands here is the median over the rounds. The first quarter of the messages is not counted. reconnecting-websocket,
partysocket, websocket-ts, graphql-ws and socket.io-client run on \`ws\`, as this client does.
`;
