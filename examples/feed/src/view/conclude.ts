import type { Summary } from "../events.ts";
import { spellRanges } from "../ranges.ts";
import { verdict } from "../verdict.ts";
import type { Description } from "./describe.ts";
import { count, duration } from "./describe.ts";

/** The summary, a line each. */
export function conclude(summary: Summary): readonly Description[] {
  const { orders } = summary;
  const rows: readonly (readonly [label: string, value: string, remark?: string])[] = [
    ["messages received", count(summary.messages)],
    ["reconnects", count(summary.reconnects)],
    ["longest outage", summary.longestOutage > 0 ? duration(summary.longestOutage) : "none"],
    [
      "gaps in the numbering",
      count(summary.gaps),
      summary.gaps + summary.gapsWithinConnection === 0
        ? ""
        : `${count(summary.missed)} messages published meanwhile; ${count(summary.gapsWithinConnection)} gaps while connected`,
    ],
    ["orders accepted", count(orders.accepted)],
    ["  receipted", count(orders.receipted)],
    [
      "  reported dropped",
      count(orders.dropped),
      orders.dropped > 0 ? "never sent, and the client said so" : "",
    ],
    [
      "  of unknown fate",
      count(orders.unknown),
      orders.unknown > 0 ? "handed to a connection that was then lost" : "",
    ],
    ["  missing", count(orders.missing.length), spellRanges(orders.missing)],
  ];
  return [
    { tone: "plain", text: "" },
    ...rows.map(([label, value, remark = ""]) => ({
      tone: "plain" as const,
      text: `  ${label.padEnd(24)}${value.padStart(8)}${remark === "" ? "" : `   ${remark}`}`,
    })),
    { tone: "plain", text: "" },
    verdictLine(summary),
  ];
}

function verdictLine(summary: Summary): Description {
  const { duplicated, droppedButDelivered } = summary.orders;
  switch (verdict(summary)) {
    case "accounted":
      return { tone: "good", text: "  OK: every order is accounted for." };
    case "unaccounted":
      return {
        tone: "bad",
        text: [
          "  FAILED: not every order is accounted for.",
          duplicated.length > 0 ? ` Delivered twice: ${spellRanges(duplicated)}.` : "",
          droppedButDelivered.length > 0
            ? ` Reported dropped, yet delivered: ${spellRanges(droppedButDelivered)}.`
            : "",
        ].join(""),
      };
    case "gave up":
      return { tone: "bad", text: `  FAILED: the client gave up: ${summary.gaveUp}` };
    case "never connected":
      return { tone: "bad", text: "  FAILED: no connection could be made." };
  }
}
