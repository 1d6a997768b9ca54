import { expect, test } from "vitest";
import { drawPlot, type Plot } from "./plot.ts";

const plot: Plot = {
  title: "Messages <per> second",
  axis: "bare ws = 1",
  series: ["ours", "theirs"],
  rows: [
    {
      label: "send 64 B & more",
      dots: [
        { series: "ours", value: 4, low: 3, high: 5 },
        { series: "theirs", value: 0.5, low: 0.4, high: 0.6 },
      ],
    },
    { label: "receive", dots: [{ series: "ours", value: 1, low: 1, high: 1 }] },
  ],
};

const at = (svg: string, pattern: RegExp): number => Number(pattern.exec(svg)?.[1]);

test("A plot has every row, every dot and the line at 1", () => {
  const svg = drawPlot(plot);
  expect(svg.match(/<title>/g)).toHaveLength(3);
  expect(svg).toContain("<title>send 64 B &amp; more, ours: 4.00</title>");
  expect(svg).toContain(">receive</text>");
  const one = at(svg, /class="one" x1="([\d.]+)"/);
  const theirs = at(svg, /theirs: 0\.500<\/title>.*?cx="([\d.]+)"/);
  const ours = at(svg, /ours: 4\.00<\/title>.*?<path d="M([\d.]+)/);
  expect(theirs).toBeLessThan(one);
  expect(one).toBeLessThan(ours);
  expect(at(svg, /ours: 1\.00<\/title>.*?<path d="M([\d.]+)/)).toBe(one);
});

test("What the text holds cannot end an element", () => {
  const svg = drawPlot(plot);
  expect(svg).toContain("Messages &lt;per&gt; second");
  expect(svg).not.toContain("<per>");
});

test("The axis reaches as far as values and quartiles do, so that none seems smaller than it is", () => {
  const ticks = (svg: string): string[] =>
    [...svg.matchAll(/class="tick" x="[\d.]+" y="[\d.]+">([\d.]+)</g)].map(([, tick]) => tick!);
  expect(ticks(drawPlot(plot))).toEqual(["0.2", "0.5", "1", "2", "5"]);
  const far = { series: "ours", value: 10.4, low: 0.07, high: 10.8 };
  const svg = drawPlot({ ...plot, rows: [{ label: "far", dots: [far] }] });
  expect(ticks(svg)).toEqual(["0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "20"]);
  const ten = at(svg, /x="([\d.]+)" y="[\d.]+">10</);
  const ours = at(svg, /10\.4<\/title>.*?<path d="M([\d.]+)/);
  expect(ten).toBeLessThan(ours);
  expect(ours).toBeLessThan(at(svg, /class="spread".*?x2="([\d.]+)"/));
});

test("A plot says what its bars are", () => {
  expect(drawPlot(plot)).toContain(">bare ws = 1; bars are quartiles</text>");
});

test("The reader's dark mode is followed", () => {
  expect(drawPlot(plot)).toContain("prefers-color-scheme: dark");
});
