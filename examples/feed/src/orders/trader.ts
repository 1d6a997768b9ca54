import type { Random } from "@stream-tungstenite/retry";
import {
  isStreamTungsteniteError,
  type Message,
  type WebSocketClient,
} from "@stream-tungstenite/core";
import { every, type Clock } from "../clock.ts";
import { decodeClientMessage, encode, type Order } from "../protocol.ts";
import type { OrderLedger } from "./ledger.ts";

export interface TraderOptions {
  readonly client: Pick<WebSocketClient, "send">;
  readonly ledger: OrderLedger;
  readonly clock: Clock;
  readonly random: Random;
  /** Milliseconds between two orders. */
  readonly interval: number;
  /** The last price seen of each symbol; no symbol, no order. */
  readonly prices: ReadonlyMap<string, number>;
}

/** Sends an order every so often, connected or not, and enters it in the ledger; the function returned stops it. */
export function trade({
  client,
  ledger,
  clock,
  random,
  interval,
  prices,
}: TraderOptions): () => void {
  let number = 0;
  return every(clock, interval, () => {
    const quotes = [...prices];
    const quote = quotes[Math.floor(random() * quotes.length)];
    if (quote === undefined) return;
    const [symbol, price] = quote;
    const order: Order = {
      type: "order",
      number: ++number,
      symbol,
      side: random() < 0.5 ? "buy" : "sell",
      quantity: 1 + Math.floor(random() * 100),
      price,
    };
    // Before it is sent: the hook that hears of the hand-over is called from within `send`.
    ledger.place(order.number);
    try {
      client.send(encode(order));
    } catch (error) {
      ledger.withdraw(order.number);
      // A full queue is an answer; anything else is a fault of the demo.
      if (!isStreamTungsteniteError(error)) throw error;
    }
  });
}

/** The number of the order that the message is, if it is one. */
export function orderNumber(message: Message): number | undefined {
  const order = decodeClientMessage(message);
  return order?.type === "order" ? order.number : undefined;
}
