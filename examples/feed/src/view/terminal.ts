import type { Status, View } from "../events.ts";
import type { Paint } from "./colours.ts";
import { conclude } from "./conclude.ts";
import { describe, describeStatus, seconds } from "./describe.ts";

/** What a terminal view needs from its terminal. */
export interface Terminal {
  readonly write: (text: string) => void;
  /** Asked on every draw: windows change. */
  readonly columns: () => number;
  readonly paint: Paint;
}

// Back to the first column, erase to the end of the line (ECMA-48 §8.3.41).
const clear = "\r\u001B[K";

/** Events scroll by; below them stands one line that is always up to date. */
export function terminalView({ write, columns, paint }: Terminal): View {
  let last: Status | undefined;
  const draw = (): string => {
    if (last === undefined) return "";
    const { tone, text } = describeStatus(last);
    // A line that wraps could not be erased again. One column stays free for the cursor.
    return paint(tone, text.slice(0, Math.max(0, columns() - 1)));
  };

  return {
    event(event) {
      const description = describe(event);
      if (description === undefined) return;
      const time = paint("quiet", seconds(event.at));
      write(`${clear}${time}  ${paint(description.tone, description.text)}\n${draw()}`);
    },
    status(status) {
      last = status;
      write(clear + draw());
    },
    aside(print) {
      write(clear);
      print();
      write(draw());
    },
    summary(summary) {
      last = undefined;
      const lines = conclude(summary).map(({ tone, text }) => paint(tone, text));
      write(`${clear}${lines.join("\n")}\n`);
    },
  };
}
