import uPlot from "uplot";
import type { Span } from "../model/lanes.ts";
import { colour } from "./colours.ts";
import { element } from "./element.ts";

/** What a plot shows. */
export interface PlotOptions {
  /** Id of the element that it fills. */
  readonly id: string;
  /** Custom property with the colour of its line. */
  readonly colour: string;
  /** Milliseconds from the left end to now. */
  readonly window: number;
  /** The vertical axis goes at least this far. */
  readonly least: number;
  /** Stands behind each number of the vertical axis; none where the numbers are counts. */
  readonly unit?: string | undefined;
  /** Holds each value until the next, as a count does. */
  readonly isStepped?: boolean | undefined;
}

/** A plot of the recent past. */
export interface Plot {
  draw(
    times: readonly number[],
    values: readonly (number | null)[],
    outages: readonly Span[],
    now: number,
  ): void;
  /** Takes over the colours of another theme. */
  redraw(): void;
}

/** Makes a plot that follows the size of its element. */
export function plot(options: PlotOptions): Plot {
  const { least, window, unit, isStepped = false } = options;
  const target = element(options.id, HTMLElement);
  const line = (): string => colour(options.colour);
  let outages: readonly Span[] = [];

  const shade = (chart: uPlot): void => {
    const { ctx, bbox } = chart;
    ctx.save();
    ctx.fillStyle = colour("--outage-shade");
    for (const { from, to } of outages) {
      const left = Math.max(bbox.left, chart.valToPos(from / 1_000, "x", true));
      const right = chart.valToPos(to / 1_000, "x", true);
      // The shortest outage is to be seen, too.
      ctx.fillRect(left, bbox.top, Math.max(2 * devicePixelRatio, right - left), bbox.height);
    }
    ctx.restore();
  };
  const axis = {
    stroke: () => colour("--muted"),
    font: "12px system-ui, sans-serif",
    grid: { stroke: () => colour("--line"), width: 1 },
    ticks: { show: false },
  } satisfies uPlot.Axis;
  const chart = new uPlot(
    {
      ...sizeOf(target),
      padding: [10, 14, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false },
        y: { range: (_, __, most) => [0, niceCeiling(Math.max(least, most ?? 0))] },
      },
      axes: [
        {
          ...axis,
          size: 30,
          gap: 8,
          splits: (_, __, from, to) => [0, 1, 2, 3, 4].map((n) => from + ((to - from) * n) / 4),
          values: (_, splits) =>
            splits.map((_, n) => (n === 4 ? "now" : `−${(window / 4_000) * (4 - n)} s`)),
        },
        {
          ...axis,
          size: unit === undefined ? 38 : 60,
          splits: (_, __, from, to) => [from, (from + to) / 2, to],
          values: (_, splits) => splits.map((value) => labelOf(value, unit)),
        },
      ],
      series: [
        {},
        {
          stroke: line,
          width: 2,
          fill: () => `color-mix(in srgb, ${line()} 14%, transparent)`,
          points: { show: false },
          ...(isStepped ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
        },
      ],
      hooks: { drawClear: [shade] },
    },
    [[], []],
    target,
  );
  new ResizeObserver(() => chart.setSize(sizeOf(target))).observe(target);

  return {
    draw(times, values, during, now) {
      outages = during;
      target.dataset["points"] = String(values.filter((value) => value !== null).length);
      chart.batch(() => {
        chart.setData([times.map((at) => at / 1_000), [...values]], false);
        chart.setScale("x", { min: (now - window) / 1_000, max: now / 1_000 });
      });
    },
    redraw: () => chart.redraw(false, true),
  };
}

function sizeOf(target: HTMLElement): { readonly width: number; readonly height: number } {
  return { width: target.clientWidth, height: target.clientHeight };
}

/** The next of 1, 2, 4, 5, 6, 8 and their multiples by ten: half of it has few digits too. */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 5, 6, 8, 10].find((each) => each * power >= value) ?? 10;
  return step * power;
}

function labelOf(value: number, unit: string | undefined): string {
  const number = String(Math.round(value * 100) / 100);
  return unit === undefined ? number : `${number} ${unit}`;
}
