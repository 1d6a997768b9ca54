import type { DisconnectCause, StreamTungsteniteError } from "./errors.ts";

/** Where the client is. Each variant holds only what is true there. */
export type ClientState =
  | { readonly status: "idle" }
  | { readonly status: "connecting"; readonly attempt: number }
  | { readonly status: "handshaking"; readonly attempt: number; readonly step: string }
  | { readonly status: "connected"; readonly id: number; readonly since: number }
  | {
      readonly status: "waiting";
      readonly attempt: number;
      readonly delay: number;
      readonly until: number;
      readonly cause: DisconnectCause;
    }
  | { readonly status: "closing"; readonly next: "idle" | "closed" }
  | { readonly status: "closed"; readonly cause: StreamTungsteniteError | null };

/**
 * The state that follows: the one that is wanted, or the same as before when no arrow leads there.
 *
 * ```text
 *                    ┌──────────────── dial ────────────────┐
 *                    ▼                                      │
 *  idle ─dial─► connecting ─step─► handshaking ─ready─► connected ─close─► closing
 *   ▲  ▲             │  └──────────── ready ───────────────▲ │               │ │
 *   │  │             │ wait             │ wait               │ wait          │ │
 *   │  │             └────────────┬─────┴────────────────────┘               │ │
 *   │  │                          ▼                                          │ │
 *   │  └──────── rest ─────── waiting ─dial─► connecting                     │ │
 *   └───────────────────────────── rest ─────────────────────────────────────┘ │
 *                                                                              │
 *  any state ─end─► closed ─dial─► connecting (only after giving up) ◄── dial ─┘
 * ```
 *
 * To `idle` lead also `connecting` and `handshaking`.
 */
export function transition(from: ClientState, to: ClientState): ClientState {
  return leads(from, to) ? to : from;
}

function leads(from: ClientState, to: ClientState): boolean {
  const { status } = from;
  const isClosingForNow = status === "closing" && from.next === "idle";
  const isDialing = status === "connecting" || status === "handshaking";
  switch (to.status) {
    case "connecting":
      return (
        status === "idle" ||
        status === "waiting" ||
        isClosingForNow ||
        (status === "closed" && from.cause !== null)
      );
    case "handshaking":
    case "connected":
      return isDialing;
    case "waiting":
      return isDialing || status === "connected" || status === "waiting";
    case "closing":
      return status === "connected" || (isClosingForNow && to.next === "closed");
    case "idle":
      return isDialing || status === "waiting" || isClosingForNow;
    case "closed":
      // Starting afresh may fail at once, for a reason of its own.
      return status !== "closed" || (from.cause !== null && to.cause !== null);
  }
}
