import type { Adapter, Setup } from "./client.ts";
import { eventSocket, type EventSocket } from "./event-socket.ts";

/** The platform's own socket, in Node that of undici. It offers compression, but compresses nothing itself. */
export function platform(setup: Setup): Adapter<EventSocket> {
  return eventSocket(setup, (url) => new globalThis.WebSocket(url) as unknown as EventSocket);
}
