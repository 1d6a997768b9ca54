import { createClient } from "@stream-tungstenite/core";
import { nodeTransport } from "@stream-tungstenite/transport-node";

const client = createClient({ url: "wss://feed.example.com", plugins: [nodeTransport()] });
client.on("connected", ({ id }) => console.log(`connected: ${id}`)); // handshakes are done
client.on("disconnected", ({ cause }) => console.log(`disconnected: ${cause?.message}`));
client.on("reconnectScheduled", ({ delay, attempt }) => {
  console.log(`attempt ${attempt} in ${delay} ms`);
});
await client.connect();
for await (const event of client.events()) console.log(event.type); // or all of them in a loop
