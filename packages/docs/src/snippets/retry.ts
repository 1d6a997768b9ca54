import { WebSocketClient, createClient } from "@stream-tungstenite/core";
import { exponentialBackoff, fast, fixedDelay, noRetry } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";

const url = "wss://feed.example.com";
const client = createClient({
  url,
  plugins: [nodeTransport(), exponentialBackoff({ initial: 100, max: 30_000, factor: 2 })],
});

const preset = exponentialBackoff(fast);
const fixed = fixedDelay(5_000, { maxAttempts: 10 });
const once = WebSocketClient.builder(url).use(nodeTransport()).retryStrategy(noRetry()).build();
console.log(client, preset, fixed, once);
