import type { Area } from "./row.ts";

export const extensions: Area = {
  title: "Extensions",
  rows: [
    {
      number: 53,
      feature: "Extension interface",
      crate: "`Extension`, `register_extension`",
      ours: "`definePlugin({ name, … })`, `plugins`, `use(plugin)`",
      verdict: "same",
      difference: "One shape for transports, strategies, handshakes and extensions.",
    },
    {
      number: 54,
      feature: "Lifecycle hooks",
      crate: "`on_init`, `on_connect`, `on_disconnect`, `shutdown`",
      ours: "`setup` and the teardown it returns, `onConnected`, `onDisconnected`",
      verdict: "more",
      difference: "They learn the cause; `use` returns the removal.",
    },
    {
      number: 55,
      feature: "Transform or filter messages",
      crate: "`on_message`, received ones",
      ours: "`onMessage`, `onSend`, `DROP`",
      verdict: "more",
      difference:
        "In both directions. `Some(message)` is the message itself, or nothing to keep it; `None` is `DROP`.",
    },
    {
      number: 56,
      feature: "Which hooks an extension has",
      crate: "`handles_lifecycle`, `handles_messages`",
      ours: "the hooks that are there",
      verdict: "same",
      difference: "An absent hook costs nothing.",
    },
    {
      number: 57,
      feature: "Name, version, description",
      crate: "`name`, `version`, `description`",
      ours: "`name`, `version`, `description`",
      verdict: "same",
    },
    {
      number: 58,
      feature: "Order of extensions",
      crate: "that of registration",
      ours: "that of `plugins`",
      verdict: "more",
      difference:
        "The first of the list is nearest to the application: `onSend` runs first to last, `onMessage` last to first, so what one wraps it also unwraps.",
    },
    {
      number: 59,
      feature: "Logging",
      crate: "`LoggingExtension::new()`, `verbose()`, `with_config`",
      ours: "`logging()`, `logging.verbose()`, `logging(options)`",
      verdict: "more",
      difference: "Any logger with such methods (console, pino, winston); secrets are redacted.",
    },
    {
      number: 60,
      feature: "Status viewer",
      crate: "`StatusViewer`",
      ours: "`status()`",
      verdict: "same",
      difference: "`isConnected` is a property. `subscribe` and `getSnapshot` fit components.",
    },
    {
      number: 61,
      feature: "Status viewer with history",
      crate: "`AdvancedStatusViewer`: `get_uptime`, `get_connection_count`",
      ours: "`status()`: `uptime`, `connectionCount`, `history`, …",
      verdict: "more",
      difference: "A ring of the last transitions, time connected and in outages, the last cause.",
    },
  ],
};
