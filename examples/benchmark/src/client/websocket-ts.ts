import { ArrayQueue, ConstantBackoff, WebsocketBuilder, type Websocket } from "websocket-ts";
import { WebSocket } from "ws";
import type { Adapter, Setup } from "./client.ts";
import { eventSocket, type EventSocket } from "./event-socket.ts";

/** websocket-ts on `ws`, which it takes from the global `WebSocket`. */
export function websocketTs(setup: Setup): Adapter<EventSocket> {
  (globalThis as { WebSocket: unknown }).WebSocket = WebSocket;
  const { delay = 1_000 } = setup;
  return eventSocket(setup, (url) =>
    asEventSocket(
      new WebsocketBuilder(url)
        .withBackoff(new ConstantBackoff(delay))
        .withBuffer(new ArrayQueue())
        .build(),
    ),
  );
}

/** Its listeners are given the socket before the event. */
function asEventSocket(socket: Websocket): EventSocket {
  const listen = socket.addEventListener.bind(socket) as (type: string, listener: unknown) => void;
  const own: Pick<EventSocket, "addEventListener"> = {
    addEventListener: (type, listener) =>
      listen(type, (_: unknown, event: { readonly data?: unknown }) => listener(event)),
  };
  return Object.assign(socket, own);
}
