import { createClient } from "./index.ts";
import type {
  ClientEvents,
  ClientOptions,
  Connection,
  Extension,
  Message,
  Plugin,
  PluginContext,
  PluginList,
  WebSocketClient,
} from "./index.ts";
import { eventNames, manualClock, memoryServer, memoryTransport } from "./testing/index.ts";
import type {
  ManualClock,
  MemoryPeer,
  MemoryServer,
  MemoryTransportOptions,
} from "./testing/index.ts";

/** A client on a server in memory, with a clock moved by hand and a log of what it told. */
export interface Rig {
  readonly clock: ManualClock;
  readonly server: MemoryServer;
  readonly client: WebSocketClient;
  /** Names of the events told so far, `message` and `state` left out. */
  readonly names: string[];
  /** Statuses so far, the first included. */
  readonly states: string[];
  /** Payloads of the events told so far, by name. */
  readonly told: <K extends keyof ClientEvents>(event: K) => readonly ClientEvents[K][];
  /** Connects, and returns the server's end. */
  readonly connected: () => Promise<MemoryPeer>;
}

export interface RigOptions extends Omit<Partial<ClientOptions>, "plugins" | "clock"> {
  /** Beside the transport. */
  readonly plugins?: PluginList;
  readonly transport?: MemoryTransportOptions;
  /** Given each connection before the client has it: to change what it does. */
  readonly onConnection?: (connection: Connection) => void;
}

export function rig(options: RigOptions = {}): Rig {
  const { plugins = [], transport, onConnection, ...rest } = options;
  const clock = manualClock();
  const server = memoryServer();
  const memory = memoryTransport(server, transport);
  const client = createClient({
    url: server.url,
    random: () => 0.5,
    ...rest,
    plugins: [
      {
        name: memory.name,
        connect(request, listener) {
          const connection = memory.connect(request, listener);
          onConnection?.(connection);
          return connection;
        },
      },
      plugins,
    ],
    clock,
  });
  const told: [keyof ClientEvents, unknown][] = [];
  const names: string[] = [];
  const states = ["idle"];
  for (const event of eventNames) {
    client.on(event, (payload) => {
      told.push([event, payload]);
      if (event === "state") states.push((payload as ClientEvents["state"]).to.status);
      else if (event !== "message") names.push(event);
    });
  }
  return {
    clock,
    server,
    client,
    names,
    states,
    told<K extends keyof ClientEvents>(event: K) {
      return told
        .filter(([name]) => name === event)
        .map(([, payload]) => payload as ClientEvents[K]);
    },
    async connected() {
      const connecting = client.connect();
      await clock.settle();
      await connecting;
      return server.peer;
    },
  };
}

/** What became of a promise so far. */
export interface Outcome<T> {
  readonly status: "pending" | "resolved" | "rejected";
  readonly value: T | undefined;
  readonly error: unknown;
}

/** Watches a promise, so that its rejection is not an unhandled one. */
export function watch<T>(promise: Promise<T>): Outcome<T> {
  const outcome: { -readonly [K in keyof Outcome<T>]: Outcome<T>[K] } = {
    status: "pending",
    value: undefined,
    error: undefined,
  };
  promise.then(
    (value) => Object.assign(outcome, { status: "resolved", value }),
    (error: unknown) => Object.assign(outcome, { status: "rejected", error }),
  );
  return outcome;
}

/** A strategy that always waits so long. */
export const every = (delay: number): Plugin => ({ name: "every", nextDelay: () => delay });
/** A strategy that gives up at once. */
export const noRetry: Plugin = { name: "no-retry", nextDelay: () => null };

/** A plugin that gives its context away. */
export function insider(): Extension & { readonly context: PluginContext } {
  const plugin = {
    name: "insider",
    context: undefined as unknown as PluginContext,
    setup: (context: PluginContext) => void (plugin.context = context),
  };
  return plugin;
}

/** An extension whose `onSend` waits until it is told what to answer. */
export function slowHook(): Extension & {
  readonly seen: Message[];
  readonly answer: (value?: Message) => void;
} {
  const seen: Message[] = [];
  const hook = {
    name: "slow",
    seen,
    answer: (_value?: Message): void => {},
    onSend(message: Message) {
      seen.push(message);
      return new Promise<Message | void>((resolve) => (hook.answer = resolve));
    },
  };
  return hook;
}
