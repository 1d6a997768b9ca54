import { createClient, type Client } from "graphql-ws";
import { WebSocket } from "ws";
import type { Adapter, Setup, Socket } from "./client.ts";

/** Subscribes at the first message sent; it has no messages of its own to send. */
interface Subscriber extends Socket {
  readonly client: Client;
}

/** graphql-ws on `ws`: each message is a result of one subscription. */
export function graphqlWs({ onMessage }: Setup): Adapter<Subscriber> {
  return {
    open(url) {
      const client = createClient({ url, webSocketImpl: WebSocket, lazy: false, generateID });
      const subscriber: Subscriber = {
        client,
        bufferedAmount: 0,
        send: () =>
          client.subscribe<{ readonly text: string }>(
            { query: "subscription { text }" },
            { next: ({ data }) => onMessage(data!.text), error() {}, complete() {} },
          ),
      };
      return new Promise((resolve) => client.on("connected", () => resolve(subscriber)));
    },
    end: ({ client }) => void client.dispose(),
  };
}

/** The one that the server's frames bear. */
const generateID = (): string => "1";
