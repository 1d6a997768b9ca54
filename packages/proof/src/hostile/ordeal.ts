import { createClient } from "@stream-tungstenite/core";
import type {
  ClientOptions,
  DisconnectCause,
  StreamTungsteniteError,
} from "@stream-tungstenite/core";
import {
  eventNames,
  manualClock,
  memoryServer,
  memoryTransport,
} from "@stream-tungstenite/core/testing";
import { saboteur, type Sabotage } from "./saboteur.ts";

/** What became of a client among hostile plugins. */
export interface Outcome {
  /** Errors told by `error` and `fatal`. */
  readonly errors: readonly StreamTungsteniteError[];
  readonly events: readonly string[];
  /** Why connections were lost; undefined for those that the application ended. */
  readonly causes: readonly (DisconnectCause | undefined)[];
  readonly maxLive: number;
  /** What is left when it is closed. */
  readonly live: number;
  readonly timers: number;
  readonly unsettled: number;
  readonly status: string;
  /** Messages that arrived at the server, of all connections. */
  readonly received: readonly unknown[];
}

/**
 * A client's whole life, in which every hook has its turn: connected, a message each way, a slow reader, a
 * message too old, doubts, a loss, a refused dial, connected again, the end.
 */
export async function ordeal(
  plugins: readonly (readonly Sabotage[])[],
  pluginErrorPolicy: ClientOptions["pluginErrorPolicy"],
): Promise<Outcome> {
  const clock = manualClock();
  const server = memoryServer();
  const removals: (() => void)[] = [];
  const promises: Promise<unknown>[] = [];
  const saboteurs = plugins.map((deeds, index) =>
    saboteur(`saboteur-${index}`, deeds, removals, promises),
  );
  const hasStrategy = plugins.flat().some(({ hook }) => hook === "nextDelay");
  let probe = (): void => {};
  const client = createClient({
    url: server.url,
    clock,
    random: () => 0.5,
    pluginErrorPolicy,
    plugins: [
      memoryTransport(server),
      hasStrategy ? null : { name: "steady", nextDelay: () => 10 },
      saboteurs,
      {
        name: "doubter",
        setup(context) {
          probe = () => context.probe();
        },
      },
    ],
  });
  const errors: StreamTungsteniteError[] = [];
  const events: string[] = [];
  const causes: (DisconnectCause | undefined)[] = [];
  client.on("disconnected", ({ cause }) => causes.push(cause));
  for (const name of eventNames) {
    if (name !== "state" && name !== "message") client.on(name, () => void events.push(name));
  }
  client.on("error", ({ error }) => errors.push(error));
  client.on("fatal", ({ error }) => errors.push(error));

  const attempt = (act: () => unknown): void => {
    try {
      act();
    } catch {
      // A client that a plugin has closed says so.
    }
  };
  attempt(() => client.messages({ highWaterMark: 1, overflow: "drop-oldest" }));
  promises.push(client.run());
  await clock.advance(0);
  attempt(() => client.send("to the server"));
  if (server.peers.length > 0) {
    server.peer.send("to the client");
    server.peer.send("and another");
  }
  await clock.advance(1);
  probe();
  await clock.advance(1);
  server.script((dial) => dial.fail("tcp"));
  server.drop();
  attempt(() => client.send("too late", { maxAge: 0 }));
  await clock.advance(60_000);
  attempt(() => client.send("again"));
  await clock.advance(20_000);
  const closing = client.close();
  promises.push(closing);
  await clock.advance(60_000);

  let unsettled = promises.length;
  for (const promise of promises) {
    const settle = (): void => void unsettled--;
    promise.then(settle, settle);
  }
  await clock.settle();
  return {
    errors,
    events,
    causes,
    maxLive: server.maxLive,
    live: server.live,
    timers: clock.pending,
    unsettled,
    status: client.state.status,
    received: server.peers.flatMap(({ received }) => received),
  };
}
