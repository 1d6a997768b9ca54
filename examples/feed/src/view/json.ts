import type { View } from "../events.ts";
import { verdict } from "../verdict.ts";

/** One JSON object a line; the summary comes last. */
export function jsonView(write: (text: string) => void): View {
  const line = (value: object): void => write(`${JSON.stringify(value, rounded)}\n`);
  return {
    event: ({ at, type, ...rest }) => line({ at, type, ...rest }),
    status: () => {},
    aside: (print) => print(),
    summary: (summary) => line({ type: "summary", verdict: verdict(summary), ...summary }),
  };
}

/** Clocks count in fractions that nobody wants to read. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 100) / 100 : value;
}
