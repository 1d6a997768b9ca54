import module from "reconnecting-websocket";
import { WebSocket } from "ws";
import type { Adapter, Setup } from "./client.ts";
import { eventSocket, type EventSocket } from "./event-socket.ts";

// CommonJS of the old way, whose types see one `default` less or more.
const ReconnectingWebSocket = module as unknown as new (
  url: string,
  protocols: readonly string[],
  options: object,
) => EventSocket;

/** reconnecting-websocket on `ws`. */
export function reconnectingWebSocket(setup: Setup): Adapter<EventSocket> {
  const { delay = 1_000 } = setup;
  const options = { WebSocket, minReconnectionDelay: delay, maxReconnectionDelay: delay };
  return eventSocket(setup, (url) => new ReconnectingWebSocket(url, [], options));
}
