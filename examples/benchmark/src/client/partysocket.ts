import PartySocket from "partysocket/ws";
import { WebSocket } from "ws";
import type { Adapter, Setup } from "./client.ts";
import { eventSocket, type EventSocket } from "./event-socket.ts";

/** partysocket's `WebSocket` on `ws`. */
export function partysocket(setup: Setup): Adapter<EventSocket> {
  const { delay = 1_000 } = setup;
  const options = { WebSocket, minReconnectionDelay: delay, maxReconnectionDelay: delay };
  return eventSocket(setup, (url) => new PartySocket(url, [], options) as unknown as EventSocket);
}
