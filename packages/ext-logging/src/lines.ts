import type { ClientEvents } from "@stream-tungstenite/core";
import type { LogLevel } from "./options.ts";

/** What is said, and how loud. */
export type Line = readonly [level: LogLevel, text: string];

/** What is said of a client's life, by event. `url` is the client's, which is redacted. */
export const lines: {
  readonly [K in keyof ClientEvents]?: (event: ClientEvents[K], url: string) => Line;
} = {
  state: ({ from, to }) => [
    "trace",
    `${from.status} > ${to.status}${"step" in to ? ` ${to.step}` : ""}`,
  ],
  connecting: ({ attempt }, url) => ["info", `connecting ${url}, attempt ${attempt}`],
  connected: ({ id }) => ["info", `connected, connection ${id}`],
  disconnected: ({ cause, uptime }) => [
    cause ? "warn" : "info",
    `disconnected after ${uptime.toFixed()} ms${cause ? `: ${cause.message}` : ""}`,
  ],
  reconnectScheduled: ({ attempt, delay }) => [
    "info",
    `attempt ${attempt} in ${delay.toFixed()} ms`,
  ],
  // A failed attempt will be retried; a plugin's fault stays.
  error: ({ error }) => [error.code === "PLUGIN" ? "error" : "warn", error.message],
  lagged: ({ skipped }) => ["warn", `${skipped} messages skipped: slow reader`],
  dropped: ({ messages, reason }) => ["warn", `${messages.length} messages dropped: ${reason}`],
  closed: ({ cause }) => (cause ? ["error", `gave up: ${cause.message}`] : ["info", "closed"]),
};
