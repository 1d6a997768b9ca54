import { createClient } from "@stream-tungstenite/core";
import { nodeTransport } from "@stream-tungstenite/transport-node";

const client = createClient({ url: "wss://feed.example.com", plugins: [nodeTransport()] });
await client.connect();
const { connectionId, status, reconnectCount, errorCount, connectedFor } = client.snapshot();
console.log(connectionId, status, reconnectCount, errorCount);
if (client.isConnected) console.log(`connected for ${connectedFor} ms`);
