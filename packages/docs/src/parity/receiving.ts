import type { Area } from "./row.ts";

export const receiving: Area = {
  title: "Receiving",
  rows: [
    {
      number: 8,
      feature: "Several subscribers to messages",
      crate: "`subscribe()`, a broadcast channel",
      ours: '`messages()`, `on("message")`',
      verdict: "more",
      difference:
        "Independent readers for `for await`, and callbacks. Readers survive reconnects; they end after `close()` and throw the cause when the client gave up.",
    },
    {
      number: 9,
      feature: "One message shared by all",
      crate: "`Arc<Message>`",
      ours: "`string` or `Uint8Array`",
      verdict: "same",
      difference: "Everybody gets the same object; nobody may change its bytes.",
    },
    {
      number: 10,
      feature: "Bounded buffer for received messages",
      crate: "`with_channel_buffer`",
      ours: "`receiveBuffer`, `messages({ highWaterMark, overflow })`",
      verdict: "more",
      difference: "Each reader has its own size and its own policy.",
    },
    {
      number: 11,
      feature: "Signal that a reader lags",
      crate: "tokio's `Lagged`",
      ours: '`on("lagged")`, `ReaderOverflowError`',
      verdict: "more",
      difference:
        "Nothing is lost by default: a slow reader pauses the socket, down to TCP. It may drop its oldest or newest instead, then `lagged` says how many and the loop goes on, or end with an error.",
    },
  ],
};
