import type { Area } from "./row.ts";

export const state: Area = {
  title: "State",
  rows: [
    {
      number: 62,
      feature: "Snapshot of the state",
      crate: "`state()`: id, status, counts, duration",
      ours: "`snapshot()`",
      verdict: "more",
      difference: "Synchronous. Also messages and bytes both ways, the queue, last error and loss.",
    },
    {
      number: 63,
      feature: "Status",
      crate: "five states",
      ours: "`state.status`: seven",
      verdict: "more",
      difference:
        "`handshaking` and `waiting` are states of their own; each variant of `state` holds what is true there.",
    },
    {
      number: 64,
      feature: "Is it connected",
      crate: "`is_connected()`",
      ours: "`isConnected`",
      verdict: "same",
      difference: "True only once the application handshakes are done.",
    },
  ],
};
