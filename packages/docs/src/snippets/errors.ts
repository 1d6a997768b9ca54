import { AlreadyRunningError, ConnectError, createClient } from "@stream-tungstenite/core";
import { nodeTransport } from "@stream-tungstenite/transport-node";

const client = createClient({ url: "wss://feed.example.com", plugins: [nodeTransport()] });
try {
  await client.run();
  console.log("closed");
} catch (error) {
  if (error instanceof AlreadyRunningError) console.log("it runs already");
  else if (error instanceof ConnectError) console.log(error.phase, error.status, error.retryable);
  else throw error;
}
