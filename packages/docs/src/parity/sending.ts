import type { Area } from "./row.ts";

export const sending: Area = {
  title: "Sending",
  rows: [
    {
      number: 20,
      feature: "Send without waiting",
      crate: "`send(message)`, `SendError::ChannelFull`",
      ours: "`send(message)`, `QueueFullError`",
      verdict: "same",
      difference: 'It answers at once: `"sent"`, `"queued"` or `"dropped"`.',
    },
    {
      number: 21,
      feature: "Send and wait for room",
      crate: "`send_async(message)`",
      ours: "`sendAsync(message)`",
      verdict: "same",
      difference:
        'It resolves when the transport took the message, and waits through an outage instead of failing; `whileDisconnected: "reject"` fails as the crate does.',
    },
    {
      number: 22,
      feature: "Send with a timeout",
      crate: "`send_timeout(message, duration)`, `SendError::Timeout`",
      ours: "`sendAsync(message, { timeout, signal })`, `SendTimeoutError`",
      verdict: "more",
      difference: "An `AbortSignal` too. A message given up this way is never sent later.",
    },
    {
      number: 23,
      feature: "Sender to pass on",
      crate: "`sender()`",
      ours: "`const { send, sendAsync, ping } = client`",
      verdict: "more",
      difference:
        "They are bound, and go on working after a reconnect; the crate's die with their connection.",
    },
    {
      number: 24,
      feature: "Text, binary, ping",
      crate: "`send_text`, `send_binary`, `ping`",
      ours: "`send(string)`, `send(bytes)`, `ping(payload)`",
      verdict: "more",
      difference:
        "The type of the message decides. `ping` resolves with the round trip in milliseconds. Pongs are the transport's affair.",
    },
    {
      number: 25,
      feature: "Capacity of the send queue",
      crate: "`with_send_queue_capacity`",
      ours: "`sendQueue.capacity`, `sendQueue.maxBytes`, `highWaterMark`",
      verdict: "more",
      difference: "Also a limit in bytes, and a mark for what may lie in the transport.",
    },
    {
      number: 26,
      feature: "Queue while disconnected",
      crate: "none: what was queued is lost with the connection",
      ours: '`sendQueue.whileDisconnected`, `maxAge`, `on("dropped")`',
      verdict: "more",
      difference:
        "Messages wait for the next connection, in order, and may expire. What was handed to the network is never sent again (at most once), and a message that will not be sent is reported.",
    },
  ],
};
