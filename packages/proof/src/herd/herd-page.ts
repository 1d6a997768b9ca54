import { outages, remedies, strategies, type Habit } from "./crowds.ts";
import { arrivals, bucketWidth, type Arrivals } from "./herd.ts";
import { herdPlot, type PlotRow } from "./herd-plot.ts";

/** How many clients lose the server. */
export const clients = 100_000;

/** The page about crowds, and the plots that it shows, by file name. */
export function herdPage(): Readonly<Record<string, string>> {
  const habits = play(strategies);
  const spread = play(remedies);
  const columns = outages.map((outage) => `after ${seconds(outage)}`);
  const plot = (title: string, rows: readonly PlotRow[]): string =>
    herdPlot({ title, columns, rows, most: clients });
  return {
    "herd-strategies.svg": plot("Arrivals per 100 ms, by strategy (logarithmic)", habits),
    "herd-remedies.svg": plot("Arrivals per 100 ms, spread and gathered (logarithmic)", spread),
    "herd.md": text(table(habits), table(spread)),
  };
}

function play(habits: readonly Habit[]): readonly PlotRow[] {
  return habits.map(({ name, crowd }) => ({
    name,
    arrivals: outages.map((outage) => arrivals({ clients, outage, seed: 1, ...crowd })),
  }));
}

function table(rows: readonly PlotRow[]): string {
  const cells = rows.map(({ name, arrivals }) => [`\`${name}\``, ...arrivals.map(cell)]);
  const lines = [["", ...outages.map(seconds)], ["---", ...outages.map(() => "---:")], ...cells];
  return lines.map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function cell(crowd: Arrivals): string {
  const ratio = crowd.peak / crowd.mean;
  return `${crowd.peak.toLocaleString("en")} · ${ratio.toFixed(ratio < 10 ? 2 : 0)} · ${seconds(timeUntil(crowd, 0.95))}`;
}

/** Milliseconds until this part of the crowd is back. */
function timeUntil({ buckets }: Arrivals, part: number): number {
  let back = 0;
  const bucket = buckets.findIndex((count) => (back += count) >= part * clients);
  return (bucket + 1) * bucketWidth;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toLocaleString("en")} s`;
}

function text(strategyTable: string, remedyTable: string): string {
  return `# When a server comes back

${clients.toLocaleString("en")} clients lose one server at the same moment. It accepts again after the outage; what dials earlier is
refused at once. The plots count who arrives in each ${bucketWidth} ms from the server's return. Each panel's height is the
same logarithmic scale; the number in its corner is the peak. \`pnpm --filter proof herd\` plays it all anew, from a
fixed seed, and writes this page.

A cell of the tables says: the peak per ${bucketWidth} ms · the peak as a multiple of the mean until the last client is
back · when 95 % are back. The columns are the lengths of the outage.

## Strategies

![Arrivals by strategy](herd-strategies.svg)

${strategyTable}

**Back at once.** With full jitter the first delay is anywhere between 0 and 1 s, so the crowd comes as an even
stream: the peak is the mean but for chance. Every strategy that keeps a part of its delay fixed comes in a shorter
stream with a higher peak, and one without jitter, or whose first delay is fixed (\`"decorrelated"\`, a schedule), comes
as one wall.

**After a long outage.** Delays have reached their cap of 60 s, and where each client stands in its delay is chance.
Of the delays under way when the server returns, short remainders are the likeliest, so arrivals fall evenly from twice
the mean to nothing: that shape is the price of any jitter that reaches down to 0, and it does not grow with the
outage.

**In between** the crowd is still climbing. When the server is back after half a second, half of the crowd has just
been refused once and draws from 0 to 2 s, and the other half still comes within its first second; after 5 s most draw from
0 to 4 or 8 s, a few already from 0 to 16 s or more. The peak is high above a mean that is small only because the
last few take long: the multiple grows while the peak itself falls. Look at the peak to size the server, and at the 95 %
to know how long the users wait.

## Spreading more, and less

![Arrivals spread and gathered](herd-remedies.svg)

${remedyTable}

**Spreading the first retry** with a plugin's \`adjustDelay\` divides the peak of a restart: over 30 s, by about 25. It
helps as long as the outage is shorter than the spread. When it is about as long, nearly everybody has been refused
once and comes back with the short second delay, so the peak is above that of full jitter alone; after saturation it
makes no difference.

\`\`\`ts
import { definePlugin } from "@stream-tungstenite/core";

export const patience = definePlugin({
  name: "patience",
  adjustDelay: (delay, { attempt, random }) => (attempt === 1 ? random() * 30_000 : delay),
});
\`\`\`

**\`Retry-After\`** is a floor under the delay. The same number for everybody keeps whatever spread the crowd had when
it was refused and adds none: the wave of the first second returns every 10 s, as high as before, until the delays have
grown above the floor. A server, or the proxy in front of it, that draws the number by chance does what the plugin does,
for clients that it has never met, on every refusal. Where most clients have been refused exactly once when it returns,
as after 5 s, they come as an even stream; the longer the outage, the more the shape is that of full jitter alone.
`;
}
