import type { Area } from "./row.ts";

export const handshakes: Area = {
  title: "Application handshakes",
  rows: [
    {
      number: 46,
      feature: "Handshake of one's own",
      crate: "`Handshaker` with name and timeout",
      ours: "`{ name, handshakeTimeout, handshake(session) }`",
      verdict: "same",
      difference: "Part of the plugin interface. It may judge closes as well as messages.",
    },
    {
      number: 47,
      feature: "No handshake",
      crate: "a handshaker that does nothing",
      ours: "none in `plugins`",
      verdict: "same",
    },
    {
      number: 48,
      feature: "Send a message",
      crate: "a handshaker that sends one message, 10 s",
      ours: "`sendMessage(message, { reply, timeout })`",
      verdict: "same",
      difference: "10 s as well; it may wait for an answer.",
    },
    {
      number: 49,
      feature: "Authentication",
      crate: "`AuthHandshaker::new(token)`, `.json()`, `.custom_format(template)`",
      ours: "`auth(token, { format, reply })`",
      verdict: "more",
      difference:
        "The token may be a function, asked on every connection; a refusal is judged by message and by close code, and is fatal, except that a token function is asked once more; `refresh()` authenticates again on the live connection.",
    },
    {
      number: 50,
      feature: "Subscription with confirmation",
      crate: "`SubscribeHandshaker::new(channels).wait_confirmation()`",
      ours: "`subscribe(channels, { confirm })`",
      verdict: "more",
      difference:
        "Confirmed as a whole or per channel, refusals by name, and the set lives: `add` and `remove` while connected, replayed on every connection.",
    },
    {
      number: 51,
      feature: "Chained handshakes",
      crate: "`ChainedHandshaker::new().then(…)`, `chain_handshakers!`",
      ours: "`chain(…)`, or several in `plugins`",
      verdict: "more",
      difference: "60 s for all of them as well. Errors and `state.step` name the step.",
    },
    {
      number: 52,
      feature: "Context of the connection",
      crate: "`ConnectionContext`",
      ours: "`HandshakeSession`, `MessageContext`, `PluginContext`",
      verdict: "more",
      difference: "Also a way to send, a signal that aborts, the client and the subprotocol.",
    },
  ],
};
