import { createClient } from "@stream-tungstenite/core";
import type { PluginList, WebSocketClient } from "@stream-tungstenite/core";
import { manualClock, memoryServer, memoryTransport } from "@stream-tungstenite/core/testing";

/** A client that nothing happens to: its server is in memory, its clock stands still. */
export function client(...plugins: PluginList): WebSocketClient {
  const server = memoryServer();
  return createClient({
    url: server.url,
    clock: manualClock(),
    plugins: [memoryTransport(server), plugins],
  });
}
