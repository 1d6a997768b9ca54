import { expect, test } from "vitest";
import type { View } from "../events.ts";
import { chooseView, type Output } from "./choose.ts";
import { describe } from "./describe.ts";
import { exampleEvents, exampleStatus, exampleSummary } from "./examples.ts";

const escape = "\u001B";
const sentences = exampleEvents.map((event) => describe(event)?.text).filter(Boolean);

function show(
  output: Omit<Output, "write">,
  environment: Readonly<Record<string, string>> = {},
  json = false,
): string {
  let text = "";
  const write = (more: string): void => void (text += more);
  const view: View = chooseView({ ...output, write }, environment, json);
  for (const event of exampleEvents) {
    view.event({ at: 1_500, ...event });
    view.status(exampleStatus);
  }
  view.summary(exampleSummary);
  return text;
}

test("in a pipe there is one plain line an event, then the summary", () => {
  const text = show({});
  expect(text).not.toContain(escape);
  expect(text).not.toContain("\r");
  const lines = text.split("\n");
  expect(lines.slice(0, sentences.length)).toEqual(sentences.map((each) => `  1.50 s  ${each}`));
  expect(text).toMatch(/messages received +7,654\n/);
  expect(text.endsWith("OK: every order is accounted for.\n")).toBe(true);
});

test("a dumb terminal is a pipe", () => {
  expect(show({ isTTY: true }, { TERM: "dumb" })).toBe(show({}));
});

test("a terminal has a status line that is erased before anything else is written", () => {
  const text = show({ isTTY: true, columns: 120 }, { NO_COLOR: "1" });
  const status = "● connected    attempt 0  next try –       1,234 msg/s";
  expect(text.split(status).length - 1).toBeGreaterThan(exampleEvents.length);
  for (const sentence of sentences) {
    expect(text).toContain(`\r${escape}[K  1.50 s  ${sentence}\n`);
  }
});

test("lines of somebody else stand on a line of their own, above the status line", () => {
  const screen = (output: Omit<Output, "write">, json = false): string => {
    let text = "";
    const write = (more: string): void => void (text += more);
    const view = chooseView({ ...output, write }, { NO_COLOR: "1" }, json);
    view.status(exampleStatus);
    view.aside(() => write("[ws] connected\n"));
    return text;
  };
  const clear = `\r${escape}[K`;
  const [, status, aside] = screen({ isTTY: true, columns: 120 }).split(clear);
  expect(aside).toBe(`[ws] connected\n${status}`);
  expect([screen({}), screen({}, true)]).toEqual(["[ws] connected\n", "[ws] connected\n"]);
});

test("the status line never wraps", () => {
  const text = show({ isTTY: true, columns: 40 }, { NO_COLOR: "1" });
  const drawn = text.split(`\r${escape}[K`).filter((part) => part.includes("●"));
  const widths = drawn.map((part) => (part.split("\n").at(-1) ?? "").length);
  expect(Math.max(...widths)).toBe(39);
});

test.each([0, undefined])("a terminal with %s columns is taken for one with 80", (columns) => {
  expect(show({ isTTY: true, columns })).toBe(show({ isTTY: true, columns: 80 }));
});

test("colours are there in a terminal, and go when they are not wanted", () => {
  const sgr = new RegExp(`${escape}\\[\\d+m`);
  expect(show({ isTTY: true, columns: 120 })).toMatch(sgr);
  expect(show({ isTTY: true, columns: 120 }, { NO_COLOR: "" })).toMatch(sgr);
  expect(show({ isTTY: true, columns: 120 }, { NO_COLOR: "1" })).not.toMatch(sgr);
  expect(show({ columns: 120 })).not.toMatch(sgr);
});

test("without colours a terminal shows the same text", () => {
  const sgr = new RegExp(`${escape}\\[\\d+m`, "g");
  expect(show({ isTTY: true, columns: 120 }).replaceAll(sgr, "")).toBe(
    show({ isTTY: true, columns: 120 }, { NO_COLOR: "1" }),
  );
});

test("json is one object a line, every event once, the summary last", () => {
  const lines = show({ isTTY: true }, {}, true).trimEnd().split("\n");
  const objects = lines.map((line) => JSON.parse(line) as unknown);
  expect(objects.slice(0, -1)).toEqual(exampleEvents.map((event) => ({ at: 1_500, ...event })));
  expect(objects.at(-1)).toEqual({ type: "summary", verdict: "accounted", ...exampleSummary });
});
