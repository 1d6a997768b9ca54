import type { Area } from "./row.ts";

export const errors: Area = {
  title: "Errors",
  rows: [
    {
      number: 65,
      feature: "Kinds of errors",
      crate: "eight enums: `ClientError`, `ConnectError`, `SendError`, …",
      ours: "classes with a stable `code`",
      verdict: "more",
      difference:
        "`instanceof` or `switch (error.code)`; `isStreamTungsteniteError` across copies.",
    },
    {
      number: 66,
      feature: "Is it worth a retry",
      crate: "`is_retryable()`",
      ours: "`retryable`, `isTransient`, `shouldReconnect`",
      verdict: "more",
      difference: "Close codes and HTTP statuses are judged too, and you may judge yourself.",
    },
    {
      number: 67,
      feature: "Suggested delay",
      crate: "`suggested_delay`",
      ours: "`ConnectError.retryAfter`",
      verdict: "more",
      difference: "What the server says in `Retry-After` is the least delay, at most one hour.",
    },
    {
      number: 68,
      feature: "Wrapped errors",
      crate: "`ClientError::Context`",
      ours: "`error.cause`",
      verdict: "same",
    },
  ],
};
