import type { Span } from "../model/lanes.ts";
import { durationWords } from "../model/words.ts";
import { element, make, match, write } from "./element.ts";

/** Draws the spans of a minute, or however long `window` is, milliseconds. */
export function timelineView(
  window: number,
): (states: readonly Span[], outages: readonly Span[], now: number) => void {
  const stateLane = element("lane-states", HTMLOListElement);
  const outageLane = element("lane-outages", HTMLOListElement);

  const draw = (lane: Element, spans: readonly Span[], now: number): void => {
    const shown = match(
      lane,
      spans.map(({ from }) => String(from)),
      makeSpan,
    );
    for (const [index, { activity, from, to }] of spans.entries()) {
      const item = shown[index]!;
      const start = Math.max(0, 1 - (now - from) / window);
      const end = 1 - (now - to) / window;
      item.className = `span ${activity}`;
      item.style.left = `${start * 100}%`;
      item.style.width = `${(end - start) * 100}%`;
      const words = `${activity} ${durationWords(to - from)}`;
      item.title = words;
      write(item.firstElementChild!, words);
    }
  };
  return (states, outages, now) => {
    draw(stateLane, states, now);
    draw(outageLane, outages, now);
  };
}

function makeSpan(): HTMLElement {
  return make("li", {}, make("span", { class: "span-words" }));
}
