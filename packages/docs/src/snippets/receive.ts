import { createClient } from "@stream-tungstenite/core";
import { nodeTransport } from "@stream-tungstenite/transport-node";

const client = createClient({ url: "wss://feed.example.com", plugins: [nodeTransport()] });
await client.connect();
for await (const message of client.messages()) console.log(message);
