import { chain, createClient } from "@stream-tungstenite/core";
import { auth } from "@stream-tungstenite/handshake-auth";
import { subscribe } from "@stream-tungstenite/handshake-subscribe";
import { nodeTransport } from "@stream-tungstenite/transport-node";

const channels = subscribe(["trades", "orderbook"], { confirm: true });
const client = createClient({
  url: "wss://feed.example.com",
  // One deadline for both; without `chain` each has its own.
  plugins: [nodeTransport(), chain(auth("my-api-key", { format: "json" }), channels)],
});
await client.connect();
await channels.add(["quotes"]); // and on every later connection
