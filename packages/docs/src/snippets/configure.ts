import { WebSocketClient, createClient, fastReconnect } from "@stream-tungstenite/core";
import { nodeTransport } from "@stream-tungstenite/transport-node";

const config = {
  ...fastReconnect,
  connectTimeout: 15_000,
  sendQueue: { capacity: 512 },
  handshakeRetryDelay: 500,
  receiveTimeout: 30_000,
};
const url = "wss://feed.example.com";
const client = createClient({ ...config, url, plugins: [nodeTransport()] });
const same = WebSocketClient.builder(url).use(nodeTransport()).config(config).build();
console.log(client.state, same.state);
