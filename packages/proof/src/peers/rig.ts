import { createClient } from "@stream-tungstenite/core";
import type {
  ClientOptions,
  ClientState,
  PluginList,
  WebSocketClient,
} from "@stream-tungstenite/core";
import {
  manualClock,
  memoryServer,
  memoryTransport,
  type ManualClock,
  type MemoryServer,
} from "@stream-tungstenite/core/testing";

/** A client on a server in memory, with a clock moved by hand. */
export interface Rig {
  readonly clock: ManualClock;
  readonly server: MemoryServer;
  readonly client: WebSocketClient;
  /** The delays chosen so far, in milliseconds. */
  readonly delays: readonly number[];
  readonly errors: readonly Error[];
  readonly states: readonly ClientState["status"][];
}

export function rig({
  plugins = [],
  ...options
}: Partial<Omit<ClientOptions, "plugins">> & {
  readonly plugins?: PluginList;
} = {}): Rig {
  const clock = manualClock();
  const server = memoryServer();
  const client = createClient({
    url: server.url,
    random: () => 0.5,
    ...options,
    plugins: [memoryTransport(server), plugins],
    clock,
  });
  const delays: number[] = [];
  const errors: Error[] = [];
  const states: ClientState["status"][] = [];
  client.on("reconnectScheduled", ({ delay }) => delays.push(delay));
  client.on("error", ({ error }) => errors.push(error));
  client.on("state", ({ to }) => states.push(to.status));
  return { clock, server, client, delays, errors, states };
}
