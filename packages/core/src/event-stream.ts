import type { ClientEvent } from "./events.ts";
import type { Notifier } from "./notifier.ts";
import { Reader } from "./reader.ts";

/** Events kept for a slow reader. */
const kept = 1024;

/** One `events()` iterator: everything but messages, the last ones for a slow reader, until `closed`. */
export function eventStream(
  notifier: Notifier,
  isClosed: boolean,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<ClientEvent, undefined> {
  const untap = notifier.tap((type, payload) => {
    reader.push({ type, ...(payload as object) } as ClientEvent);
    if (type === "closed") reader.finish(null);
  });
  const host = { canPause: false, isPaused: false, pressure() {}, lagged() {}, left: untap };
  const reader: Reader<ClientEvent> = new Reader(host, kept, "drop-oldest", signal);
  if (isClosed || signal?.aborted) void reader.return();
  return reader;
}
