import type { Machine } from "../machine.ts";
import type { Results } from "../results.ts";
import { ratios, spread } from "../statistics.ts";
import { promised } from "../targets.ts";
import type { Subject } from "../task.ts";
import { values } from "../results.ts";
import { judge, type Verdict } from "../verdict.ts";
import type { Versions } from "../versions.ts";
import { works, type Work } from "../work-list.ts";
import { plainName } from "./names.ts";
import { drawPlot, type Row } from "./plot.ts";
import { resultSections, type Beside, type Section } from "./sections.ts";
import { targetTable, type ResultsById } from "./tables.ts";

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
export function resultPage(results: Results, beside?: Beside): string {
  const found = byId(results);
  const verdicts = promised
    .filter(({ work }) => found.has(work))
    .map((target) => judge(target, found));
  return [
    introduction(results.machine, results.date),
    ...[...targetSections(verdicts), ...resultSections(found, beside)]
      .filter(({ body }) => body !== "")
      .map(({ title, text, body }) => `## ${title}\n\n${text}${text === "" ? "" : "\n\n"}${body}`),
    method(results.versions),
  ].join("\n");
}

function introduction({ cpu, cores, memory, system, node }: Machine, date: string): string {
  return `# Benchmark

What this client costs beside bare \`ws\`, the socket that most programs on Node use, and what other clients cost on the
same work. Measured on ${date} on ${cores} cores of ${cpu},
${Math.round(memory / 2 ** 30)} GiB, ${system}, Node ${node}; ratios carry over to other machines, rates do not. How it is measured, and how to
measure it on yours, stands [at the end](#how-it-is-measured).

![Messages per second of the clients as ratios to bare ws](benchmark.svg)

Each row is a kind of message, each mark a client, and the line at 1 is bare \`ws\`: what is to the right of it carries more
messages a second. A diamond is this client. In the tables the first column with figures is measured; where there is no unit
above the others, they are ratios to it.
`;
}

/** A line of its own; nothing where they are not known. */
function versionList(versions: Versions): string {
  const all = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return all.length === 0 ? "" : `Versions: ${all.join(", ")}.\n`;
}

function targetSections(verdicts: readonly Verdict[]): readonly Section[] {
  const missed = verdicts.filter(({ reached }) => !reached).map(({ target }) => target.name);
  const all = verdicts.length;
  const said =
    missed.length === 0
      ? `All ${all} are reached.`
      : `${all - missed.length} of ${all} are reached. Missed: ${missed.join("; ")}.`;
  return [{ title: "Targets", text: `${targetText} ${said}`, body: targetTable(verdicts) }];
}

const targetText = `What the client promises, each as the median over the rounds, with the quartiles in brackets. Where no unit is given it is
a ratio to bare \`ws\` in the same round.`;

const method = (versions: Versions = {}): string => `## How it is measured

Every figure comes from a fresh process with one client (or one crowd of them), against a server in another that writes
frames encoded beforehand, so that the client is the slower side wherever messages are small: the rows of the bare socket say
how fast the server is. The subjects of a work take turns, forwards in one round and backwards in the next; a ratio compares
figures of the same round, and what stands here is the median over the rounds: 3 to 15 where a target is at stake, 1 to 5
elsewhere. Figures of so few rounds say which order of magnitude to expect, and differences of a third between them say
nothing. A rate is that of the median lap of 60 ms, after the engine has warmed up.
reconnecting-websocket, partysocket, websocket-ts, graphql-ws and socket.io-client run on \`ws\`.
${versionList(versions)}
From a clone of the repository, on Node 22 or newer and better on a machine that has nothing else to do:

\`\`\`sh
npx -y pnpm@12.4.2 install
npx -y pnpm@12.4.2 benchmark             # all of it: about 25 minutes
npx -y pnpm@12.4.2 benchmark --check     # what the targets need: two or three
npx -y pnpm@12.4.2 benchmark --only echo # one kind of work
npx -y pnpm@12.4.2 benchmark --browser   # in Chromium
\`\`\`

[\`examples/benchmark\`](../../examples/benchmark/README.md) has the other options, says what is not comparable, and keeps the
[figures](../../examples/benchmark/results.json) of every round behind this page.
`;
