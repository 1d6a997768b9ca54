import { createClient } from "@stream-tungstenite/core";
import { nodeTransport } from "@stream-tungstenite/transport-node";

const client = createClient({ url: "wss://feed.example.com", plugins: [nodeTransport()] });
await client.connect();

console.log(client.send("now")); // "sent", "queued" or "dropped"; QueueFullError when full
await client.sendAsync("when there is room");
await client.sendAsync("within a second", { timeout: 1_000 });

const { send, ping } = client; // bound: they outlive every reconnect
send("hello");
send(new Uint8Array([1, 2, 3]));
console.log(`${await ping()} ms`);
