import { createClient, type WebSocketClient } from "@stream-tungstenite/core";
import { browserTransport } from "@stream-tungstenite/transport-browser";
import type { Adapter, Setup } from "./client.ts";

/** This client on the browser's socket. */
export function tungsteniteInBrowser({ onMessage }: Setup): Adapter<WebSocketClient> {
  return {
    async open(url) {
      const client = createClient({ url, plugins: [browserTransport()] });
      client.on("message", onMessage);
      await client.connect();
      return client;
    },
    end: (client) => void client.close({ timeout: 1 }),
  };
}
