import { createClient } from "@stream-tungstenite/core";
import type {
  ClientOptions,
  Message,
  PluginList,
  StreamTungsteniteError,
  WebSocketClient,
} from "@stream-tungstenite/core";
import { manualClock, memoryServer, memoryTransport } from "@stream-tungstenite/core/testing";
import type { ManualClock, MemoryPeer, MemoryServer } from "@stream-tungstenite/core/testing";

/** A client on a server in memory, with a clock moved by hand and a log of what went wrong. */
export interface Rig {
  readonly clock: ManualClock;
  readonly server: MemoryServer;
  readonly client: WebSocketClient;
  /** Errors told by `error` so far. */
  readonly errors: readonly StreamTungsteniteError[];
  /** Messages that reached the application. */
  readonly messages: readonly Message[];
  /** Connects, and returns the server's end. */
  readonly connected: () => Promise<MemoryPeer>;
  /** Starts connecting and lets everything settle, whatever comes of it. */
  readonly started: () => Promise<Outcome<void>>;
}

/** What became of a promise so far. */
export interface Outcome<T> {
  status: "pending" | "resolved" | "rejected";
  value: T | undefined;
  error: unknown;
}

export function rig(plugins: PluginList, options: Partial<ClientOptions> = {}): Rig {
  const clock = manualClock();
  const server = memoryServer();
  const client = createClient({
    url: server.url,
    random: () => 0.5,
    ...options,
    plugins: [memoryTransport(server), plugins],
    clock,
  });
  const errors: StreamTungsteniteError[] = [];
  const messages: Message[] = [];
  client.on("error", ({ error }) => errors.push(error));
  client.on("message", (message) => messages.push(message));
  return {
    clock,
    server,
    client,
    errors,
    messages,
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

/** Watches a promise, so that its rejection is not an unhandled one. */
export function watch<T>(promise: Promise<T>): Outcome<T> {
  const outcome: Outcome<T> = { status: "pending", value: undefined, error: undefined };
  promise.then(
    (value) => Object.assign(outcome, { status: "resolved", value }),
    (error: unknown) => Object.assign(outcome, { status: "rejected", error }),
  );
  return outcome;
}
