import { createClient } from "@stream-tungstenite/core";
import { logging } from "@stream-tungstenite/ext-logging";
import { status } from "@stream-tungstenite/ext-status";
import { nodeTransport } from "@stream-tungstenite/transport-node";

const viewer = status();
const client = createClient({
  url: "wss://feed.example.com",
  plugins: [nodeTransport(), viewer, logging({ level: "debug", messages: true, prefix: "feed" })],
});
await client.connect();
console.log(viewer.uptime, viewer.connectionCount);
