import type { WebSocketClient } from "@stream-tungstenite/core";
import { decodeServerMessage, encode } from "./protocol.ts";

/** Something to send: numbered orders, and what became of them. */
export interface Orders {
  /** Handed to the client so far. */
  readonly placed: number;
  /** The server has said that it has them. */
  readonly receipted: number;
  /** The queue was full, and they were the oldest. */
  readonly dropped: number;
  place(): void;
}

/** Orders of this client, from the first. */
export function orders(client: WebSocketClient): Orders {
  let placed = 0;
  let receipted = 0;
  let dropped = 0;
  client.on("message", (message) => {
    if (decodeServerMessage(message)?.type === "receipt") receipted++;
  });
  client.on("dropped", ({ messages }) => (dropped += messages.length));
  return {
    get placed() {
      return placed;
    },
    get receipted() {
      return receipted;
    },
    get dropped() {
      return dropped;
    },
    place: () => void client.send(encode({ type: "order", number: ++placed })),
  };
}
