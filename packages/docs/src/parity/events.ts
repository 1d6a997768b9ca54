import type { Area } from "./row.ts";

export const events: Area = {
  title: "Events",
  rows: [
    {
      number: 12,
      feature: "Subscription to events",
      crate: "`subscribe_events()`",
      ours: "`on(…)`, `once(…)`, `events()`",
      verdict: "more",
      difference:
        "Typed listeners, a promise for the next event, and an iterator over all of them.",
    },
    {
      number: 13,
      feature: "Connecting",
      crate: "`Connecting { attempt }`",
      ours: "`connecting { attempt }`",
      verdict: "same",
      difference: "`attempt` is 0 for the first dial and n for the n-th retry of the outage.",
    },
    {
      number: 14,
      feature: "Connected",
      crate: "`Connected { id }`",
      ours: "`connected { id, attempt, reconnects }`, `open`",
      verdict: "more",
      difference:
        "`connected` comes after the application handshakes; the crate's comes before them. The open socket is the event `open`.",
    },
    {
      number: 15,
      feature: "Disconnected",
      crate: "`Disconnected { reason }`",
      ours: "`disconnected { cause, willRetry, uptime, bufferedAmount }`",
      verdict: "more",
      difference:
        "It follows only `connected`. `cause.close` has code, reason and `wasClean`; `bufferedAmount` is the number of bytes whose fate is unknown.",
    },
    {
      number: 16,
      feature: "Reconnect scheduled",
      crate: "`ReconnectScheduled { delay, attempt }`",
      ours: "`reconnectScheduled { delay, attempt, until, cause }`",
      verdict: "more",
      difference: "The time of the next attempt and the reason for it.",
    },
    {
      number: 17,
      feature: "Error of an attempt",
      crate: "`Error { error, attempt }`",
      ours: "`error { error, attempt }`",
      verdict: "same",
      difference: "Without a listener it is not thrown.",
    },
    {
      number: 18,
      feature: "Fatal error",
      crate: "`FatalError { error }`",
      ours: "`fatal { error }`",
      verdict: "same",
      difference: "Never also an `error`; `closed` follows.",
    },
    {
      number: 19,
      feature: "Shutdown",
      crate: "`Shutdown`",
      ours: "`shutdown`, `closed`",
      verdict: "more",
      difference: "`shutdown` when it begins, `closed { cause }` last of all.",
    },
  ],
};
