import {
  chain,
  createClient,
  definePlugin,
  sendMessage,
  type Extension,
  type Message,
  type Transport,
  type WebSocketClient,
} from "@stream-tungstenite/core";
import { exponentialBackoff, fast, type Random } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import type { Clock } from "./clock.ts";
import { orderNumber } from "./orders/trader.ts";
import { channels, decodeServerMessage, encode, type ServerMessage } from "./protocol.ts";

export interface FeedClientOptions {
  readonly url: string;
  readonly token: string;
  readonly session: string;
  readonly clock: Clock;
  readonly random: Random;
  /** @defaultValue `nodeTransport()` */
  readonly transport?: Transport | undefined;
  /** An order left the send queue on this connection. */
  readonly onHandedOver: (order: number, connection: number) => void;
}

/** The client, assembled from published packages: transport, retry strategy, two handshakes and an extension. */
export function feedClient(options: FeedClientOptions): WebSocketClient {
  const { url, token, session, clock, random, transport = nodeTransport() } = options;
  return createClient({
    url,
    plugins: [
      transport,
      exponentialBackoff({ ...fast, max: 1_000 }),
      chain(
        sendMessage(encode({ type: "auth", token, session }), {
          name: "auth",
          reply: is("authenticated"),
        }),
        sendMessage(encode({ type: "subscribe", channels }), {
          name: "subscribe",
          reply: is("subscribed"),
        }),
      ),
      orderWatch(options),
    ],
    connectTimeout: 3_000,
    handshakeTimeout: 3_000,
    // The feed ticks many times a second: so long a silence means that the server is gone without a word.
    receiveTimeout: 1_500,
    // The faults come every other second, and each shall show its own outage.
    stableAfter: 500,
    // An order for a price of long ago is worth nothing: the client reports it as dropped instead.
    sendQueue: { maxAge: 750 },
    clock,
    random,
  });
}

/** Hears when an order leaves the queue, and on which connection. */
function orderWatch({ onHandedOver }: FeedClientOptions): Extension {
  return definePlugin({
    name: "order-watch",
    onSend(message, { origin, connectionId }) {
      const order = origin === "application" ? orderNumber(message) : undefined;
      if (order !== undefined) onHandedOver(order, connectionId);
    },
  });
}

function is(type: ServerMessage["type"]): (message: Message) => boolean {
  return (message) => decodeServerMessage(message)?.type === type;
}
