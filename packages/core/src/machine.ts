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

/** What can happen to a state. */
export type StateEvent =
  | { readonly type: "dial"; readonly attempt: number }
  | { readonly type: "step"; readonly step: string }
  | { readonly type: "ready"; readonly id: number; readonly since: number }
  | {
      readonly type: "wait";
      readonly attempt: number;
      readonly delay: number;
      readonly until: number;
      readonly cause: DisconnectCause;
    }
  | { readonly type: "close"; readonly next: "idle" | "closed" }
  | { readonly type: "rest" }
  | { readonly type: "end"; readonly cause: StreamTungsteniteError | null };

/**
 * The next state; the same one when the event has no arrow there.
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
 * `rest` leads back to `idle` from `connecting`, `handshaking`, `waiting` and `closing`.
 */
export function transition(state: ClientState, event: StateEvent): ClientState {
  const { status } = state;
  switch (event.type) {
    case "dial":
      return status === "idle" ||
        status === "waiting" ||
        (status === "closing" && state.next === "idle") ||
        (status === "closed" && state.cause !== null)
        ? { status: "connecting", attempt: event.attempt }
        : state;
    case "step":
      return status === "connecting" || status === "handshaking"
        ? { status: "handshaking", attempt: state.attempt, step: event.step }
        : state;
    case "ready":
      return status === "connecting" || status === "handshaking"
        ? { status: "connected", id: event.id, since: event.since }
        : state;
    case "wait": {
      if (status === "idle" || status === "closing" || status === "closed") return state;
      const { attempt, delay, until, cause } = event;
      return { status: "waiting", attempt, delay, until, cause };
    }
    case "close":
      return status === "connected" ||
        (status === "closing" && state.next === "idle" && event.next === "closed")
        ? { status: "closing", next: event.next }
        : state;
    case "rest":
      return status === "connecting" ||
        status === "handshaking" ||
        status === "waiting" ||
        (status === "closing" && state.next === "idle")
        ? { status: "idle" }
        : state;
    case "end":
      // Starting afresh may fail at once, for a reason of its own.
      return status === "closed" && !(state.cause && event.cause)
        ? state
        : { status: "closed", cause: event.cause };
  }
}
