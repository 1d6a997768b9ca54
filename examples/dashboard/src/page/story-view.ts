import type { StoryLine } from "../story.ts";
import { element, make } from "./element.ts";

/** Lists what happened, the newest first; the oldest lines go. */
export function storyView(limit: number): (line: StoryLine) => void {
  const list = element("story", HTMLOListElement);
  const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
  return ({ at, tone, text }) => {
    const when = make("time", { datetime: new Date(at).toISOString() }, time.format(at));
    list.prepend(make("li", { class: `line ${tone}` }, when, make("span", {}, text)));
    while (list.children.length > limit) list.lastElementChild?.remove();
  };
}
