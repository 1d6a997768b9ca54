import {
  createClient,
  definePlugin,
  type Clock,
  type Extension,
  type Message,
  type Provided,
  type Transport,
  type WebSocketClient,
} from "@stream-tungstenite/core";
import { heartbeat, type Heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { status, type Status } from "@stream-tungstenite/ext-status";
import { auth } from "@stream-tungstenite/handshake-auth";
import { subscribe, type Subscriptions } from "@stream-tungstenite/handshake-subscribe";
import { exponentialBackoff } from "@stream-tungstenite/retry";
import { environment } from "@stream-tungstenite/transport-browser";
import { every } from "./clock.ts";
import { decodeServerMessage, encode } from "./protocol.ts";

/** What differs from one runtime to the next. */
export interface DashboardClientOptions {
  readonly url: string;
  /** The only part that a page and a Node program do not share. */
  readonly transport: Transport;
  readonly token: Provided<string>;
  readonly channels: readonly string[];
  readonly clock: Clock;
}

/** The client and the handles of its plugins: all that the dashboard shows comes from these four. */
export interface DashboardClient {
  readonly client: WebSocketClient;
  readonly status: Status;
  readonly heartbeat: Heartbeat;
  readonly subscriptions: Subscriptions;
}

/** Delays between attempts, with full jitter: up to 1 s, 2 s, 4 s, then up to 8 s. Milliseconds. */
export const backoff = { initial: 1_000, factor: 2, max: 8_000 } as const;
/** Messages that wait for a connection; beyond it the oldest go. */
export const queueCapacity = 20;

/** Assembles the client: the same in a page and in Node. */
export function dashboardClient(options: DashboardClientOptions): DashboardClient {
  const { url, transport, token, channels, clock } = options;
  // Far back enough for a timeline of a minute in which every attempt fails.
  const look = status({ history: 1_000 });
  const pulse = heartbeat({
    interval: 1_000,
    timeout: 1_500,
    // A page cannot send ping frames: the server answers this instead.
    message: encode({ type: "ping" }),
    isReply: (message) => decodeServerMessage(message)?.type === "pong",
  });
  const subscriptions = subscribe(channels, { confirm: true, timeout: 3_000 });
  const client = createClient({
    url,
    plugins: [
      transport,
      exponentialBackoff(backoff),
      auth(token, {
        format: "json",
        reply: { accept: isAuthenticated, reject: refusal },
      }),
      subscriptions,
      pulse,
      measureEverySecond(),
      environment(),
      look,
    ],
    connectTimeout: 4_000,
    handshakeTimeout: 2_000,
    stableAfter: 2_000,
    sendQueue: { capacity: queueCapacity, overflow: "drop-oldest" },
    clock,
  });
  return { client, status: look, heartbeat: pulse, subscriptions };
}

/** The heartbeat asks only when it is quiet; a plot of the round trip wants an answer every second. */
function measureEverySecond(): Extension {
  return definePlugin({
    name: "measure",
    setup: (context) =>
      every(context.clock, 1_000, () => {
        if (context.client.isConnected) context.probe();
      }),
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
