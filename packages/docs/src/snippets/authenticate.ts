import { createClient } from "@stream-tungstenite/core";
import { auth } from "@stream-tungstenite/handshake-auth";
import { nodeTransport } from "@stream-tungstenite/transport-node";

const plain = auth("my-api-key");
const custom = auth("my-api-key", { format: "AUTH {}" });
const json = auth(() => process.env["API_KEY"] ?? "", {
  format: "json",
  reply: { accept: (message) => message === '{"type":"welcome"}' },
});
console.log(plain.name, custom.name);

const client = createClient({ url: "wss://feed.example.com", plugins: [nodeTransport(), json] });
await client.connect(); // authenticated from here on, also after a reconnect
