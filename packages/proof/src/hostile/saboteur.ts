import type { Plugin, PluginContext, WebSocketClient } from "@stream-tungstenite/core";

/** The hooks of a plugin that are not a transport's; `teardown` is what `setup` returns. */
export const hooks = [
  "setup",
  "teardown",
  "handshake",
  "onMessage",
  "onSend",
  "nextDelay",
  "adjustDelay",
  "shouldReconnect",
  "onStateChange",
  "onConnected",
  "onDisconnected",
  "onError",
  "onLagged",
  "onDropped",
  "onProbe",
] as const;
export type Hook = (typeof hooks)[number];

/** What a hook does its client may not expect; what it returns the hook returns. */
interface Reach {
  readonly client: WebSocketClient;
  readonly context: PluginContext | undefined;
  /** The function that removes a plugin added by `use`. */
  readonly removals: (() => void)[];
  /** Promises that must settle. */
  readonly promises: Promise<unknown>[];
}
type Act = (reach: Reach) => unknown;

const never = (): Promise<never> => new Promise(() => {});
const keep = ({ promises }: Reach, promise: Promise<unknown> | undefined): void => {
  if (!promise) return;
  promises.push(promise);
  // Whose rejection may be ignored is another test's business.
  promise.catch(() => {});
};

/** What hooks may do at the wrong time. */
export const actions = {
  nothing: () => undefined,
  throws: () => {
    throw new Error("sabotage");
  },
  throwsNothing: () => {
    throw undefined;
  },
  rejects: () => Promise.reject(new Error("sabotage")),
  stalls: never,
  answersNonsense: () => ({ nonsense: true }),
  answersThenable: () => ({
    // oxlint-disable-next-line unicorn/no-thenable -- as hostile code has it
    then: () => {
      throw new Error("sabotage");
    },
  }),
  sends: ({ client }) => void client.send("from a hook"),
  sendsAndWaits: (reach) => keep(reach, reach.client.sendAsync("from a hook")),
  flushes: (reach) => keep(reach, reach.client.flush()),
  pings: (reach) => keep(reach, reach.client.ping()),
  closes: (reach) => keep(reach, reach.client.close()),
  closesAndThrows: (reach) => {
    keep(reach, reach.client.close());
    throw new Error("sabotage");
  },
  awaitsClose: ({ client }) => client.close(),
  disconnects: (reach) => keep(reach, reach.client.disconnect()),
  awaitsDisconnect: ({ client }) => client.disconnect(),
  reconnects: ({ client }) => client.reconnect(),
  connects: (reach) => keep(reach, reach.client.connect()),
  awaitsConnect: ({ client }) => client.connect(),
  runs: (reach) => keep(reach, reach.client.run()),
  waitsUntilReady: (reach) => keep(reach, reach.client.ready()),
  reads: (reach) => keep(reach, reach.client.messages({ overflow: "pause" }).next()),
  snapshots: ({ client }) => void client.snapshot(),
  uses: ({ client, removals }) =>
    void removals.push(client.use({ name: "added", onMessage: () => {}, onSend: () => {} })),
  usesTheSame: ({ client }) => {
    const twin = { name: "twin" };
    client.use(twin);
    client.use(twin);
  },
  removes: ({ removals }) => removals.pop()?.(),
  exchanges: (reach) =>
    keep(
      reach,
      reach.context?.exchange(async (s) => s.send("exchange")),
    ),
  exchangesForever: (reach) => keep(reach, reach.context?.exchange(never, { hold: true })),
  fails: ({ context }) => context?.fail(new Error("sabotage")),
  probes: ({ context }) => context?.probe(),
  reports: ({ context }) => context?.report(new Error("sabotage")),
} as const satisfies Readonly<Record<string, Act>>;
export type Action = keyof typeof actions;

/** What one hook does, and how often before it is tired of it. */
export interface Sabotage {
  readonly hook: Hook;
  readonly action: Action;
  readonly times: number;
}

/** A plugin whose hooks misbehave. `added` ones were given to `use` and can be removed. */
export function saboteur(
  name: string,
  deeds: readonly Sabotage[],
  removals: (() => void)[],
  promises: Promise<unknown>[],
): Plugin {
  let context: PluginContext | undefined;
  const left = new Map(deeds.map((deed) => [deed, deed.times]));
  const act = (hook: Hook, otherwise?: unknown): unknown => {
    for (const [deed, times] of left) {
      if (deed.hook !== hook || times === 0 || !context) continue;
      left.set(deed, times - 1);
      return (
        actions[deed.action]({ client: context.client, context, removals, promises }) ?? otherwise
      );
    }
    return otherwise;
  };
  const has = new Set(deeds.map(({ hook }) => hook));
  const plugin: Record<string, unknown> = {
    name,
    setup(given: PluginContext) {
      context = given;
      const answer = act("setup");
      // It is lost where there is a teardown to return.
      Promise.resolve(answer).catch(() => {});
      return has.has("teardown") ? () => act("teardown") : answer;
    },
  };
  for (const hook of has) {
    if (hook === "setup" || hook === "teardown") continue;
    plugin[hook] = () => act(hook, hook === "nextDelay" ? 10 : undefined);
  }
  return plugin as unknown as Plugin;
}
