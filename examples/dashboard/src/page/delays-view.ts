import type { ChosenDelay } from "../model/delays.ts";
import { causeWords, durationWords } from "../model/words.ts";
import { element, make, match, write } from "./element.ts";

/** Draws the delays, each as a bar within the range that chance had. `longest` in milliseconds. */
export function delaysView(longest: number): (delays: readonly ChosenDelay[]) => void {
  const list = element("delays", HTMLOListElement);
  const none = element("no-delays", HTMLElement);
  const share = (duration: number): string => `${Math.min(1, duration / longest) * 100}%`;

  return (delays) => {
    none.hidden = delays.length > 0;
    const rows = match(
      list,
      delays.map(({ at }) => String(at)),
      makeRow,
    );
    for (const [index, { attempt, delay, ceiling, cause }] of delays.entries()) {
      const row = rows[index]!;
      write(row.querySelector(".attempt")!, `retry ${attempt}`);
      write(row.querySelector(".delay")!, durationWords(delay));
      write(row.querySelector(".cause")!, causeWords(cause));
      row.querySelector<HTMLElement>(".range")!.style.width = share(ceiling);
      row.querySelector<HTMLElement>(".chosen")!.style.width = share(delay);
    }
  };
}

function makeRow(): HTMLElement {
  return make(
    "li",
    { class: "bar-row" },
    make("span", { class: "attempt" }),
    make(
      "span",
      { class: "bar", "aria-hidden": "true" },
      make("span", { class: "range" }),
      make("span", { class: "chosen" }),
    ),
    make("span", { class: "delay" }),
    make("span", { class: "cause" }),
  );
}
