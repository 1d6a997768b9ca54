import type { ClientEvents } from "../events.ts";

// A record, so that the compiler misses a name that is missing.
const names: Readonly<Record<keyof ClientEvents, true>> = {
  connecting: true,
  open: true,
  connected: true,
  disconnected: true,
  reconnectScheduled: true,
  error: true,
  fatal: true,
  shutdown: true,
  closed: true,
  state: true,
  message: true,
  drain: true,
  lagged: true,
  dropped: true,
};

/** The names of all events of a client, for a test that listens to every one. */
export const eventNames: readonly (keyof ClientEvents)[] = Object.keys(
  names,
) as (keyof ClientEvents)[];
