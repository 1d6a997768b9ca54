import type { View } from "../events.ts";
import { conclude } from "./conclude.ts";
import { describe, seconds } from "./describe.ts";

/** Plain lines, one an event: for pipes and files. */
export function linesView(write: (text: string) => void): View {
  return {
    event(event) {
      const description = describe(event);
      if (description !== undefined) write(`${seconds(event.at)}  ${description.text}\n`);
    },
    status: () => {},
    aside: (print) => print(),
    summary: (summary) => conclude(summary).forEach(({ text }) => write(`${text}\n`)),
  };
}
