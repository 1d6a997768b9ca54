// A GraphQL server that speaks graphql-transport-ws: https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md
import { createClient, definePlugin, DROP } from "@stream-tungstenite/core";
import type { Message, WebSocketClient } from "@stream-tungstenite/core";
import { auth } from "@stream-tungstenite/handshake-auth";
import { subscribe } from "@stream-tungstenite/handshake-subscribe";
import { exponentialBackoff, fast } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";

export interface Observer {
  next(result: unknown): void;
  error?(errors: unknown): void;
  complete?(): void;
}
export interface GraphqlClient {
  readonly client: WebSocketClient;
  /** Asked for again on every connection until it is over; returns what ends it. */
  readonly subscribe: (query: string, observer: Observer) => () => Promise<void>;
}

export function graphql(url: string, token: () => string | Promise<string>): GraphqlClient {
  const active = new Map<string, { readonly query: string; readonly observer: Observer }>();
  let count = 0;
  const operations = subscribe([], {
    format: (ids, action) =>
      ids.map((id) =>
        action === "subscribe"
          ? write({ type: "subscribe", id, payload: { query: active.get(id)?.query } })
          : write({ type: "complete", id }),
      ),
  });
  const login = auth(token, {
    format: (given) => write({ type: "connection_init", payload: { token: given } }),
    reply: { accept: (message) => read(message).type === "connection_ack" },
  });
  const client = createClient({
    url,
    protocols: ["graphql-transport-ws"],
    plugins: [nodeTransport(), exponentialBackoff(fast), answerPings(), login, operations],
  });
  client.on("message", (message) => {
    const { type, id, payload } = read(message);
    const { observer } = active.get(id ?? "") ?? {};
    if (type === "next") return observer?.next(payload);
    // Over for good: not to be asked for again.
    if (id !== undefined && active.delete(id)) void operations.remove([id]);
    if (type === "error") observer?.error?.(payload);
    else observer?.complete?.();
  });
  return {
    client,
    subscribe(query, observer) {
      const id = String(++count);
      active.set(id, { query, observer });
      void operations.add([id]);
      return async () => void (active.delete(id) && (await operations.remove([id])));
    },
  };
}

interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}
const read = (message: Message): Frame => JSON.parse(String(message)) as Frame;
const write = (frame: Frame): string => JSON.stringify(frame);

/** Either side may ask at any time. During the handshake the answer waits in the queue, not longer. */
const answerPings = () =>
  definePlugin({
    name: "graphql-pings",
    onMessage(message, { client }) {
      if (read(message).type !== "ping") return undefined;
      client.send(write({ type: "pong" }));
      return DROP;
    },
  });
