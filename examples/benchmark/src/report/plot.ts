/** One value of a row. */
export interface Dot {
  readonly series: string;
  readonly value: number;
  /** Where the middle half of the values lies. */
  readonly low: number;
  readonly high: number;
}

/** A row of the plot. */
export interface Row {
  readonly label: string;
  readonly dots: readonly Dot[];
}

/** What is drawn. The first series is the one that matters and is drawn over the others. */
export interface Plot {
  readonly title: string;
  readonly axis: string;
  readonly series: readonly string[];
  readonly rows: readonly Row[];
}

const width = 860;
const left = 200;
const right = 30;
const top = 84;
const rowHeight = 24;
/** Fit for light and dark backgrounds, and to tell apart with colour-blind eyes. */
const colours = ["#e8590c", "#1c7ed6", "#2b8a3e", "#9c36b5", "#868e96", "#c2a000"];

/**
 * Draws ratios on a logarithmic axis, a row a work and a dot a series, as an SVG that follows the reader's
 * light or dark mode.
 */
export function drawPlot({ title, axis, series, rows }: Plot): string {
  const ends = rows.flatMap(({ dots }) =>
    dots.flatMap(({ value, low, high }) => [value, low, high]),
  );
  const ticks = ticksAround(ends);
  const [from = 1, to = 1] = [ticks[0], ticks.at(-1)];
  const x = (value: number): number => {
    // Only what has no place on such an axis stands at its end.
    const share = Math.log(Math.max(value, from) / from) / Math.log(to / from);
    return round(left + share * (width - left - right));
  };
  const bottom = top + rows.length * rowHeight;
  const height = bottom + 48;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">`,
    style,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    `<text class="title" x="16" y="26">${escape(title)}</text>`,
    legend(series),
  ];
  for (const tick of ticks) {
    const at = x(tick);
    parts.push(
      `<line class="${tick === 1 ? "one" : "grid"}" x1="${at}" y1="${top}" x2="${at}" y2="${bottom}"/>`,
      `<text class="tick" x="${at}" y="${bottom + 16}">${tick}</text>`,
    );
  }
  parts.push(
    `<text class="tick" x="${round((left + width - right) / 2)}" y="${bottom + 36}">${escape(`${axis}; bars are quartiles`)}</text>`,
  );
  rows.forEach(({ label, dots }, index) => {
    const y = round(top + (index + 0.5) * rowHeight);
    parts.push(`<text class="label" x="${left - 12}" y="${y + 4}">${escape(label)}</text>`);
    const ordered = dots.toSorted((a, b) => series.indexOf(b.series) - series.indexOf(a.series));
    for (const dot of ordered) parts.push(drawDot(dot, label, series.indexOf(dot.series), x, y));
  });
  return `${[...parts, "</svg>"].join("\n")}\n`;
}

/** From 1 to as far as the values reach on either side: 1, 2 and 5 of each power of ten. */
function ticksAround(values: readonly number[]): readonly number[] {
  const known = values.filter((value) => value > 0 && value < Infinity);
  const [least, most] = [Math.min(1, ...known), Math.max(1, ...known)];
  const all: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)); power++)
    all.push(...[1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  const from = all.findLastIndex((tick) => tick <= least);
  return all.slice(from, all.findIndex((tick) => tick >= most) + 1);
}

function drawDot(
  { series, value, low, high }: Dot,
  label: string,
  index: number,
  x: (value: number) => number,
  y: number,
): string {
  const colour = colours[index % colours.length]!;
  const told = escape(`${label}, ${series}: ${value.toPrecision(3)}`);
  return [
    `<g fill="${colour}" stroke="${colour}"><title>${told}</title>`,
    `<line class="spread" x1="${x(low)}" y1="${y}" x2="${x(high)}" y2="${y}"/>`,
    marker(index, x(value), y),
    "</g>",
  ].join("");
}

/** A diamond for the first series, circles for the others. */
function marker(index: number, x: number, y: number): string {
  return index === 0
    ? `<path d="M${x} ${y - 7}l7 7l-7 7l-7 -7z"/>`
    : `<circle cx="${x}" cy="${y}" r="4.5" fill-opacity="0.9"/>`;
}

function legend(series: readonly string[]): string {
  let at = 16;
  return series
    .map((name, index) => {
      const colour = colours[index % colours.length]!;
      const mark = `<g fill="${colour}">${marker(index, at + 6, 52)}</g>`;
      const text = `<text class="key" x="${at + 18}" y="56">${escape(name)}</text>`;
      at += 34 + name.length * 6.6;
      return mark + text;
    })
    .join("\n");
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** For text and attributes of XML. */
function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

const style = `<style>
text { font: 12px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 15px; font-weight: 600; }
.label { text-anchor: end; }
.tick { text-anchor: middle; fill: #59636e; }
.ground { fill: #ffffff; }
.grid { stroke: #d1d9e0; }
.one { stroke: #59636e; stroke-width: 1.5; }
.spread { stroke-width: 2; stroke-opacity: 0.6; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .tick { fill: #9198a1; }
  .ground { fill: #0d1117; }
  .grid { stroke: #3d444d; }
  .one { stroke: #9198a1; }
}
</style>`;
