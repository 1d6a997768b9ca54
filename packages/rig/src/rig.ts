import { createClient } from "@stream-tungstenite/core";
import type {
  ClientEvents,
  ClientOptions,
  ClientState,
  Message,
  PluginList,
  StreamTungsteniteError,
  WebSocketClient,
} from "@stream-tungstenite/core";
import { manualClock, memoryServer, memoryTransport } from "@stream-tungstenite/core/testing";
import type {
  ManualClock,
  MemoryPeer,
  MemoryServer,
  MemoryTransportOptions,
} from "@stream-tungstenite/core/testing";
import { watch, type Outcome } from "./watch.ts";

/** A client on a server in memory, with a clock moved by hand and a log of what it told. */
export interface Rig {
  readonly clock: ManualClock;
  readonly server: MemoryServer;
  readonly client: WebSocketClient;
  /** Errors told by `error` so far. */
  readonly errors: readonly StreamTungsteniteError[];
  /** Connections lost so far. */
  readonly losses: readonly ClientEvents["disconnected"][];
  /** Milliseconds before each retry so far. */
  readonly delays: readonly number[];
  /** Messages that reached the application. */
  readonly messages: readonly Message[];
  /** States so far, without the first. */
  readonly states: readonly ClientState["status"][];
  /** Connects, and returns the server's end. */
  readonly connected: () => Promise<MemoryPeer>;
  /** Starts connecting and lets everything settle, whatever comes of it. */
  readonly started: () => Promise<Outcome<void>>;
}

/** Options of the client, beside its plugins. */
export interface RigOptions extends Omit<Partial<ClientOptions>, "plugins" | "clock"> {
  /** @defaultValue one that begins at 0 */
  readonly clock?: ManualClock;
  /** Of the transport in memory. */
  readonly transport?: MemoryTransportOptions;
}

/** Makes a client of these plugins and a transport in memory; chance is always 0.5. */
export function rig(
  plugins: PluginList = [],
  { clock = manualClock(), transport, ...options }: RigOptions = {},
): Rig {
  const server = memoryServer();
  const client = createClient({
    url: server.url,
    random: () => 0.5,
    ...options,
    plugins: [memoryTransport(server, transport), plugins],
    clock,
  });
  const errors: StreamTungsteniteError[] = [];
  const losses: ClientEvents["disconnected"][] = [];
  const delays: number[] = [];
  const messages: Message[] = [];
  const states: ClientState["status"][] = [];
  client.on("error", ({ error }) => errors.push(error));
  client.on("disconnected", (loss) => losses.push(loss));
  client.on("reconnectScheduled", ({ delay }) => delays.push(delay));
  client.on("message", (message) => messages.push(message));
  client.on("state", ({ to }) => states.push(to.status));
  return {
    clock,
    server,
    client,
    errors,
    losses,
    delays,
    messages,
    states,
    async connected() {
      const connecting = client.connect();
      await clock.settle();
      await connecting;
      return server.peer;
    },
    async started() {
      const outcome = watch(client.connect());
      await clock.settle();
      return outcome;
    },
  };
}
