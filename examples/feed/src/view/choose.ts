import type { View } from "../events.ts";
import { coloured, plain } from "./colours.ts";
import { jsonView } from "./json.ts";
import { linesView } from "./lines.ts";
import { terminalView } from "./terminal.ts";

/** What of a process's output matters here. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** The view that suits the output. Colours only in a terminal, and not against the user's wish (no-color.org). */
export function chooseView(
  output: Output,
  environment: Readonly<Record<string, string | undefined>>,
  json: boolean,
): View {
  const write = (text: string): void => void output.write(text);
  if (json) return jsonView(write);
  // A dumb terminal cannot erase a line.
  if (output.isTTY !== true || environment["TERM"] === "dumb") return linesView(write);
  return terminalView({
    write,
    // Some terminals say 0: they do not know.
    columns: () => output.columns || 80,
    paint: (environment["NO_COLOR"] ?? "") === "" ? coloured : plain,
  });
}
