import {
  createClient,
  definePlugin,
  type Extension,
  type Message,
  type Transport,
  type WebSocketClient,
} from "@stream-tungstenite/core";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { logging } from "@stream-tungstenite/ext-logging";
import { status, type Status } from "@stream-tungstenite/ext-status";
import { auth } from "@stream-tungstenite/handshake-auth";
import { subscribe } from "@stream-tungstenite/handshake-subscribe";
import { exponentialBackoff, fast, type Random } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";
import type { Clock } from "./clock.ts";
import { orderNumber } from "./orders/trader.ts";
import { channels, decodeServerMessage, encode } from "./protocol.ts";

export interface FeedClientOptions {
  readonly url: string;
  readonly token: string;
  readonly session: string;
  readonly clock: Clock;
  readonly random: Random;
  /** @defaultValue `nodeTransport()` */
  readonly transport?: Transport | undefined;
  /** Takes the lines of the client's log. @defaultValue none is kept */
  readonly log?: ((line: string) => void) | undefined;
  /** An order left the send queue on this connection. */
  readonly onHandedOver: (order: number, connection: number) => void;
}

/** The client, and how it fares. */
export interface FeedClient {
  readonly client: WebSocketClient;
  readonly status: Status;
}

/** The client, assembled from published packages and one plugin of its own. */
export function feedClient(options: FeedClientOptions): FeedClient {
  const { url, token, session, clock, random, log, transport = nodeTransport() } = options;
  const look = status();
  const client = createClient({
    url,
    plugins: [
      transport,
      exponentialBackoff({ ...fast, max: 1_000 }),
      auth(token, {
        format: (secret) => encode({ type: "auth", token: secret, session }),
        reply: { accept: isAuthenticated, reject: refusal },
      }),
      subscribe(channels, { confirm: true, timeout: 3_000 }),
      // The feed ticks many times a second: so short a silence is strange already, and 1.5 s of it a loss.
      heartbeat({ interval: 500, timeout: 900 }),
      look,
      orderWatch(options),
      // A level without a method of its own goes to the next quieter one: every line comes here.
      log && logging({ level: "trace", logger: { error: log } }),
    ],
    connectTimeout: 3_000,
    handshakeTimeout: 3_000,
    // The faults come every other second, and each shall show its own outage.
    stableAfter: 500,
    // An order for a price of long ago is worth nothing: the client reports it as dropped instead.
    sendQueue: { maxAge: 750 },
    clock,
    random,
  });
  return { client, status: look };
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

function isAuthenticated(message: Message): boolean {
  return decodeServerMessage(message)?.type === "authenticated";
}

/** Why the server refuses; false if the message is something else. */
function refusal(message: Message): string | false {
  const answer = decodeServerMessage(message);
  return answer?.type === "error" && answer.reason;
}
