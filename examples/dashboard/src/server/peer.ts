import {
  decodeClientMessage,
  symbols,
  type ClientMessage,
  type ServerMessage,
  type Trade,
} from "../protocol.ts";

/** What a peer needs of its connection. */
export interface PeerHost {
  /** What a client must show. */
  readonly token: string;
  readonly send: (message: ServerMessage) => void;
  readonly close: (code: number, reason: string) => void;
}

/** One client as the server sees it, whatever carries the messages. */
export interface Peer {
  /** What the client said; anything but a text is `undefined`. */
  receive(text: string | undefined): void;
  /** Sends it, if the client has subscribed to its channel. */
  offer(trade: Trade): void;
}

/** A client that has just connected and must say first who it is. */
export function peer({ token, send, close }: PeerHost): Peer {
  const channels = new Set<string>();
  let isKnown = false;

  const greet = (message: ClientMessage | undefined): void => {
    if (message?.type === "auth" && message.token === token) {
      isKnown = true;
      send({ type: "authenticated" });
      return;
    }
    send({ type: "error", reason: "this token is not valid" });
    close(4401, "not authenticated");
  };
  const subscribe = (wanted: readonly string[]): void => {
    const known = wanted.filter((channel) => (symbols as readonly string[]).includes(channel));
    for (const channel of known) channels.add(channel);
    if (known.length > 0) send({ type: "subscribed", channels: known });
    for (const channel of wanted) {
      if (known.includes(channel)) continue;
      send({ type: "error", channel, reason: "there is no such symbol" });
    }
  };

  return {
    receive(text) {
      const message = decodeClientMessage(text);
      if (!isKnown) return greet(message);
      switch (message?.type) {
        case "subscribe":
          return subscribe(message.channels);
        case "unsubscribe":
          for (const channel of message.channels) channels.delete(channel);
          return send({ type: "unsubscribed", channels: message.channels });
        case "ping":
          return send({ type: "pong" });
        case "order":
          return send({ type: "receipt", number: message.number });
        case "auth":
          return send({ type: "authenticated" });
        case undefined:
          return close(1007, "not a message of this protocol");
      }
    },
    offer(trade) {
      if (channels.has(trade.channel)) send(trade);
    },
  };
}
