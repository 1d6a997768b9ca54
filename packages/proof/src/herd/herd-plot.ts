import { bucketWidth, type Arrivals } from "./herd.ts";

/** One row of panels. */
export interface PlotRow {
  readonly name: string;
  /** One for each column. */
  readonly arrivals: readonly Arrivals[];
}

/** Small plots in rows and columns, all with the same logarithmic height so that panels compare. */
export interface Plot {
  readonly title: string;
  /** Headings of the columns. */
  readonly columns: readonly string[];
  readonly rows: readonly PlotRow[];
  /** What the full height of a panel stands for. */
  readonly most: number;
}

const panel = { width: 132, height: 54, gap: 14 };
const left = 240;
const top = 56;
/** Steps a panel is drawn with; of the buckets that share a step the largest counts. */
const steps = 120;

/** Draws arrivals as an SVG that reads on light and dark pages. */
export function herdPlot({ title, columns, rows, most }: Plot): string {
  const width = left + columns.length * (panel.width + panel.gap);
  const height = top + rows.length * (panel.height + panel.gap) + 20;
  const spans = columns.map((_, column) =>
    Math.max(...rows.map(({ arrivals }) => arrivals[column]!.buckets.length)),
  );
  const x = (column: number): number => left + column * (panel.width + panel.gap);
  const y = (row: number): number => top + row * (panel.height + panel.gap);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(title)}">`,
    `<style>text{font:11px system-ui,sans-serif;fill:#333}.head{font-weight:600}.small{font-size:9px;fill:#777}`,
    `.frame{fill:#8881;stroke:none}.bars{fill:#2563eb}`,
    `@media(prefers-color-scheme:dark){text{fill:#ddd}.small{fill:#999}.bars{fill:#60a5fa}}</style>`,
    `<text class="head" x="8" y="20">${escape(title)}</text>`,
    ...columns.map((name, i) => `<text x="${x(i)}" y="${top - 8}">${escape(name)}</text>`),
  ];
  rows.forEach(({ name, arrivals }, row) => {
    parts.push(`<text x="8" y="${y(row) + panel.height / 2}">${escape(name)}</text>`);
    arrivals.forEach((crowd, column) => {
      parts.push(
        `<g transform="translate(${x(column)} ${y(row)})">`,
        `<rect class="frame" width="${panel.width}" height="${panel.height}"/>`,
        `<path class="bars" d="${bars(crowd.buckets, spans[column]!, most)}"/>`,
        `<text class="small" x="${panel.width - 2}" y="9" text-anchor="end">${crowd.peak.toLocaleString("en")}</text></g>`,
      );
    });
  });
  spans.forEach((span, column) => {
    const seconds = (span * bucketWidth) / 1_000;
    parts.push(
      `<text class="small" x="${x(column)}" y="${height - 22}">0</text>`,
      `<text class="small" x="${x(column) + panel.width}" y="${height - 22}" text-anchor="end">${seconds} s</text>`,
    );
  });
  return `${[...parts, "</svg>"].join("\n")}\n`;
}

/** The outline of one panel. */
function bars(buckets: readonly number[], span: number, most: number): string {
  const count = Math.min(steps, span);
  const width = panel.width / count;
  let path = `M0 ${panel.height}`;
  let last = 0;
  for (let step = 0; step < count; step++) {
    const from = Math.floor((step * span) / count);
    const to = Math.floor(((step + 1) * span) / count);
    const largest = buckets.slice(from, to).reduce((most, each) => Math.max(most, each), 0);
    // One client is still a line of its own: log(1) would hide it.
    const height =
      largest === 0 ? 0 : (panel.height * Math.log10(largest + 1)) / Math.log10(most + 1);
    if (height !== last) path += `H${round(step * width)}V${round(panel.height - height)}`;
    last = height;
  }
  return `${path}H${panel.width}V${panel.height}Z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
