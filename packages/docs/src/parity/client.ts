import type { Area } from "./row.ts";

export const client: Area = {
  title: "The client",
  rows: [
    {
      number: 1,
      feature: "Auto-reconnecting client",
      crate: "`WebSocketClient`",
      ours: "`createClient({ url, plugins })`",
      verdict: "same",
    },
    {
      number: 2,
      feature: "Builder API",
      crate: "`WebSocketClient::builder(url)`",
      ours: "`createClient(options)`, `WebSocketClient.builder(url)`",
      verdict: "more",
      difference:
        "The options object comes first; the builder is immutable and does not compile without a transport. Options that cannot work throw at once, all of them in one error.",
    },
    {
      number: 3,
      feature: "New client with defaults",
      crate: "`WebSocketClient::new(url)`",
      ours: "`createClient({ url, plugins: [nodeTransport()] })`",
      verdict: "same",
      difference: "The transport is named, since the client itself knows no platform.",
    },
    {
      number: 4,
      feature: "Long-lived driver",
      crate: "`run()`",
      ours: "`run()`, `connect()`, `ready()`, `await using`",
      verdict: "more",
      difference:
        "No task has to be spawned: `connect()` resolves when the client may be used. `connect` and `run` take an `AbortSignal`.",
    },
    {
      number: 5,
      feature: "Guard against running twice",
      crate: "`ClientError::AlreadyRunning`",
      ours: "`AlreadyRunningError`",
      verdict: "more",
      difference:
        "The client may run again after `disconnect()`, and after it gave up. After `close()` it never does.",
    },
    {
      number: 6,
      feature: "Graceful shutdown",
      crate: "shutdown of the client",
      ours: "`close({ code, reason })`, `disconnect()`",
      verdict: "more",
      difference:
        "The send queue is flushed first, close code and reason are yours, and the result tells whether it was clean and how many messages were left.",
    },
    {
      number: 7,
      feature: "Shutdown timeout",
      crate: "an error when the shutdown takes too long",
      ours: "`closeTimeout`, `close({ timeout })`",
      verdict: "more",
      difference:
        "`close()` never rejects: past its deadline it drops the socket and says `wasClean: false`.",
    },
  ],
};
