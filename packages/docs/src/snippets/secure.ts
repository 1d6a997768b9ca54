import { readFileSync } from "node:fs";
import { createClient } from "@stream-tungstenite/core";
import { nodeTransport } from "@stream-tungstenite/transport-node";

const transport = nodeTransport({
  tls: {
    ca: readFileSync("ca.pem"),
    pfx: readFileSync("client.p12"),
    passphrase: process.env["PASSPHRASE"],
    // dangerAcceptInvalidCerts: true, // for tests alone: it trusts everybody
  },
});
const client = createClient({ url: "wss://feed.example.com", plugins: [transport] });
await client.connect();
