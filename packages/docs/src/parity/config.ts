import type { Area } from "./row.ts";

export const config: Area = {
  title: "Configuration",
  rows: [
    {
      number: 27,
      feature: "Receive timeout",
      crate: "`with_receive_timeout`",
      ours: "`receiveTimeout`, `heartbeat()`",
      verdict: "same",
      difference: "Off by default. `heartbeat()` is better: it asks the server before it judges.",
    },
    {
      number: 28,
      feature: "Connect timeout",
      crate: "`with_connect_timeout`",
      ours: "`connectTimeout`, `handshakeTimeout`",
      verdict: "more",
      difference:
        "One deadline from the URL function to the opening handshake; application handshakes have their own. The error's `phase` says how far the dial came.",
    },
    {
      number: 29,
      feature: "Delay after a failed handshake",
      crate: "`with_handshake_retry_delay`",
      ours: "`handshakeRetryDelay`",
      verdict: "more",
      difference:
        "It is the least delay; the retry strategy's backoff goes on above it. The crate retries at this one delay for ever.",
    },
    {
      number: 30,
      feature: "Exit on first failure",
      crate: "`with_exit_on_first_failure`",
      ours: "`exitOnFirstFailure`",
      verdict: "same",
    },
    {
      number: 31,
      feature: "TCP_NODELAY",
      crate: "`with_nodelay`",
      ours: "`noDelay`",
      verdict: "same",
      difference: "Where the transport can; browsers decide themselves.",
    },
    {
      number: 32,
      feature: "Limits of the WebSocket",
      crate: "`ws_config`",
      ours: "`nodeTransport({ maxPayload, perMessageDeflate, ws })`",
      verdict: "same",
    },
    {
      number: 33,
      feature: "Policy for failing message hooks",
      crate: "`processor_error_policy`: ignore or disconnect",
      ours: "`pluginErrorPolicy`, `DROP`",
      verdict: "more",
      difference:
        "The fault is an `error` event in any case. A hook that wants the message dropped catches its own error and answers `DROP`.",
    },
    {
      number: 34,
      feature: "Preset for fast reconnects",
      crate: "`ClientConfig::fast_reconnect()`",
      ours: "`...fastReconnect`",
      verdict: "same",
    },
    {
      number: 35,
      feature: "Preset for stable connections",
      crate: "`ClientConfig::stable_connection()`",
      ours: "`...stableConnection`",
      verdict: "same",
    },
    {
      number: 36,
      feature: "Preset for low latency",
      crate: "of `TransportConfig` alone",
      ours: "`...lowLatency`",
      verdict: "same",
      difference: "For the whole client.",
    },
  ],
};
