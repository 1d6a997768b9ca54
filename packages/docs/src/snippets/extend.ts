import { createClient, definePlugin, DROP } from "@stream-tungstenite/core";
import { nodeTransport } from "@stream-tungstenite/transport-node";

const upper = definePlugin({
  name: "upper",
  onDisconnected({ cause }) {
    console.log(`disconnected: ${cause?.message ?? "as asked"}`);
  },
  onMessage(message) {
    return typeof message === "string" ? message.toUpperCase() : DROP;
  },
});

const client = createClient({
  url: "wss://feed.example.com",
  plugins: [nodeTransport(), upper], // or later: client.use(upper)
});
await client.connect();
