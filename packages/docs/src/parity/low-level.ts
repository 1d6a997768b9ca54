import type { Area } from "./row.ts";

export const lowLevel: Area = {
  title: "Below the client",
  rows: [
    {
      number: 71,
      feature: "Connector of one's own",
      crate: "of the supervisor alone",
      ours: "a plugin with `connect`; `.connector(transport)`",
      verdict: "same",
      difference: "The client takes it, by option and by builder.",
    },
    {
      number: 72,
      feature: "Transport interface",
      crate: "a trait and its TCP implementation, not wired to the client",
      ours: "`Transport`, `nodeTransport`",
      verdict: "same",
      difference: "`transportContract` tells whether one of your own is right.",
    },
    {
      number: 73,
      feature: "Mock transport",
      crate: "a mock of the transport",
      ours: "`memoryTransport`, `memoryServer`, `manualClock` of `core/testing`",
      verdict: "more",
      difference: "A server in memory and a clock moved by hand: whole outages without waiting.",
    },
    {
      number: 74,
      feature: "Parts usable alone",
      crate: "supervisor and dispatcher",
      ours: "`@stream-tungstenite/retry`, transports",
      verdict: "same",
      difference:
        "Other parts: retry strategies and transports stand alone, the supervisor belongs to the client.",
    },
    {
      number: 75,
      feature: "Handle of activity",
      crate: "`ActivityHandle`",
      ours: "none",
      verdict: "internal",
      why: "The client notes every frame itself, for `receiveTimeout` and heartbeats; plugins see the count in `PluginContext.received`.",
    },
  ],
};
