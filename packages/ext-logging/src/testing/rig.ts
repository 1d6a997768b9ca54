import { createClient } from "@stream-tungstenite/core";
import type {
  ClientEvents,
  ClientOptions,
  PluginList,
  WebSocketClient,
} from "@stream-tungstenite/core";
import { manualClock, memoryServer, memoryTransport } from "@stream-tungstenite/core/testing";
import type {
  ManualClock,
  MemoryPeer,
  MemoryServer,
  MemoryTransportOptions,
} from "@stream-tungstenite/core/testing";

/** A client on a server in memory, with a clock moved by hand. */
export interface Rig {
  readonly clock: ManualClock;
  readonly server: MemoryServer;
  readonly client: WebSocketClient;
  readonly errors: readonly ClientEvents["error"]["error"][];
  readonly losses: readonly ClientEvents["disconnected"][];
  readonly messages: readonly unknown[];
  /** Connects, and returns the server's end. */
  readonly connected: () => Promise<MemoryPeer>;
}

export function rig(
  plugins: PluginList,
  transport?: MemoryTransportOptions,
  options?: Partial<ClientOptions>,
): Rig {
  const clock = manualClock();
  const server = memoryServer();
  const client = createClient({
    ...options,
    url: server.url,
    plugins: [memoryTransport(server, transport), plugins],
    clock,
    random: () => 0.5,
  });
  const errors: ClientEvents["error"]["error"][] = [];
  const losses: ClientEvents["disconnected"][] = [];
  const messages: unknown[] = [];
  client.on("error", ({ error }) => errors.push(error));
  client.on("disconnected", (loss) => losses.push(loss));
  client.on("message", (message) => messages.push(message));
  return {
    clock,
    server,
    client,
    errors,
    losses,
    messages,
    async connected() {
      const connecting = client.connect();
      await clock.settle();
      await connecting;
      return server.peer;
    },
  };
}
