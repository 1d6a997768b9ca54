import type { ClientState } from "@stream-tungstenite/core";
import type { Transition } from "@stream-tungstenite/ext-status";

/** What a stretch of time was spent with. */
export type Activity = "connecting" | "connected" | "waiting" | "outage";

/** A stretch of time. Milliseconds since the epoch. */
export interface Span {
  readonly activity: Activity;
  readonly from: number;
  readonly to: number;
  /** It is not over yet: `to` is now. */
  readonly isOpen: boolean;
}

/** The recent past: what the client was doing, and when that was an outage. Oldest first. */
export interface Lanes {
  readonly states: readonly Span[];
  readonly outages: readonly Span[];
}

/**
 * Cuts the history of a client into spans, as far as they touch the time from `start` to `now`. An outage
 * lasts from a loss until connected again, disconnected by the application, or given up.
 */
export function lanes(history: readonly Transition[], start: number, now: number): Lanes {
  const states: Span[] = [];
  const outages: Span[] = [];
  let open: { readonly activity: Activity; readonly from: number } | undefined;
  let lostAt: number | undefined;

  const add = (to: number, isOpen: boolean): void => {
    if (open !== undefined && to >= start) states.push({ ...open, to, isOpen });
  };
  const addOutage = (to: number, isOpen: boolean): void => {
    if (lostAt === undefined || to < start) return;
    outages.push({ activity: "outage", from: lostAt, to, isOpen });
  };
  for (const { at, from, to } of history) {
    const activity = activityOf(to);
    if (activity !== open?.activity) {
      add(at, false);
      open = activity && { activity, from: at };
    }
    if (from.status === "connected" && to.status === "waiting") lostAt = at;
    else if (activity === undefined || activity === "connected") {
      addOutage(at, false);
      lostAt = undefined;
    }
  }
  add(now, true);
  addOutage(now, true);
  return { states, outages };
}

function activityOf({ status }: ClientState): Activity | undefined {
  switch (status) {
    case "connecting":
    case "handshaking":
      return "connecting";
    case "connected":
    case "waiting":
      return status;
    case "idle":
    case "closing":
    case "closed":
      return undefined;
  }
}
