import { ConfigurationError, PluginError } from "./errors.ts";
import type { Link } from "./link.ts";
import { flatten, withParts } from "./plugin-list.ts";
import type { Plugin, PluginContext } from "./plugin.ts";
import { standardStrategy } from "./standard-strategy.ts";

/** A plugin in one client, under the name it has there. */
export interface Entry {
  readonly plugin: Plugin;
  readonly name: string;
  teardown?: (() => unknown) | undefined;
  /** Ends the plugin's context: aborts its signal. */
  leave?: (() => void) | undefined;
}
/** An entry whose plugin has that hook. */
export type With<K extends keyof Plugin> = Entry & {
  readonly plugin: { [P in K]-?: NonNullable<Plugin[P]> };
};

type Observer =
  | "onStateChange"
  | "onConnected"
  | "onDisconnected"
  | "onError"
  | "onLagged"
  | "onDropped"
  | "onProbe";

/** Where the faults of plugins go. */
export interface FaultHost {
  /** A hook threw: decides by `pluginErrorPolicy`. Without a connection it is the one there is. */
  fault(entry: Entry, hook: string, error: unknown, link?: Link): void;
}

/** Where what `setup` is given comes from. */
export interface ContextHost {
  pluginContext(entry: Entry): PluginContext;
}

const none: readonly never[] = [];
// Plugins that keep state of their client (they have `setup`) must not be shared by two clients at a time.
const served = new WeakMap<Plugin, Plugins>();

/** The plugins of one client, sorted by hook once and not per message. */
export class Plugins {
  /** Last to first: what arrives passes the plugin nearest to the application last. */
  onMessage: readonly With<"onMessage">[] = none;
  onSend: readonly With<"onSend">[] = none;
  handshakes: readonly With<"handshake">[] = none;
  #entries: readonly Entry[] = none;
  /** Set up is whoever is in the list while this is there. */
  #contexts: ContextHost | null = null;
  readonly #host: FaultHost;

  /** @throws ConfigurationError with `faults` and all that is wrong with the list */
  constructor(list: unknown, faults: string[], host: FaultHost) {
    this.#host = host;
    this.#list(this.#named(this.#checked(list, faults)));
  }

  get transport(): With<"connect"> {
    return this.having("connect")[0]!;
  }
  get strategy(): With<"nextDelay"> {
    return this.having("nextDelay")[0] ?? { plugin: standardStrategy, name: standardStrategy.name };
  }
  get freshCredentials(): boolean {
    return this.#entries.some((entry) => entry.plugin.freshCredentials === true);
  }

  /** Those that have the hook, in list order. */
  having<K extends keyof Plugin>(hook: K): readonly With<K>[] {
    return this.#entries.filter((entry): entry is With<K> => Boolean(entry.plugin[hook]));
  }

  /** Tells every observer; a fault of one is none of the others' business. */
  observe(hook: Observer, payload?: unknown): void {
    for (const entry of this.#entries) {
      const observer = entry.plugin[hook] as ((payload: unknown) => unknown) | undefined;
      if (!observer) continue;
      try {
        this.#watch(observer.call(entry.plugin, payload), entry, hook);
      } catch (error) {
        this.#host.fault(entry, hook, error);
      }
    }
  }

  /**
   * Calls every `setup`, in list order. When one throws, `tearDown` undoes those before it.
   *
   * @throws PluginError when one throws
   * @throws ConfigurationError when another client has taken one of them meanwhile
   */
  setUp(contexts: ContextHost): void {
    if (this.#contexts) return;
    this.#claim(
      this.#entries.map((entry) => entry.plugin),
      [],
    );
    this.#contexts = contexts;
    for (const entry of this.#entries) this.#setUp(entry);
  }

  /** Undoes every `setup`, last to first, and sets the plugins free for another client. */
  tearDown(): void {
    this.#contexts = null;
    for (const entry of this.#entries.toReversed()) this.#tearDown(entry);
  }

  /**
   * Adds a plugin later; the function returned removes it.
   *
   * @throws ConfigurationError when it cannot be added
   * @throws PluginError when its `setup` throws
   */
  use(given: Plugin): () => void {
    const isOne = flatten([given], []).length === 1;
    const there = this.#entries.map((entry) => entry.plugin);
    const faults = isOne ? [] : ["plugins: use takes one plugin"];
    const entry = this.#named(this.#checked([there, given], faults, there.length))[0]!;
    this.#list([...this.#entries, entry]);
    const remove = (): void => {
      if (!this.#entries.includes(entry)) return;
      this.#list(this.#entries.filter((other) => other !== entry));
      this.#tearDown(entry);
    };
    try {
      this.#setUp(entry);
    } catch (error) {
      remove();
      throw error;
    }
    return remove;
  }

  #setUp(entry: Entry): void {
    const { plugin } = entry;
    if (!plugin.setup || !this.#contexts) return;
    try {
      const result: unknown = plugin.setup(this.#contexts.pluginContext(entry));
      if (typeof result === "function") entry.teardown = result as () => unknown;
      else this.#watch(result, entry, "setup");
    } catch (cause) {
      throw new PluginError(entry.name, "setup", { cause });
    }
    // It may have closed the client.
    if (!this.#contexts) this.#tearDown(entry);
  }

  #tearDown(entry: Entry): void {
    for (const plugin of withParts(entry.plugin)) {
      if (served.get(plugin) === this) served.delete(plugin);
    }
    const { teardown } = entry;
    entry.teardown = undefined;
    entry.leave?.();
    try {
      this.#watch(teardown?.(), entry, "teardown");
    } catch (error) {
      this.#host.fault(entry, "teardown", error);
    }
  }

  /** What a hook returns is not awaited; a promise that rejects is a fault all the same. */
  #watch(result: unknown, entry: Entry, hook: string): void {
    if (isThenable(result)) result.then(undefined, (error) => this.#host.fault(entry, hook, error));
  }

  /** The plugins of a list behind those that are `known`; found good, and claimed for this client. */
  #checked(list: unknown, faults: string[], known = 0): readonly Plugin[] {
    const plugins = flatten(list, faults);
    const having = (hook: keyof Plugin): string[] =>
      plugins.filter((plugin) => plugin[hook]).map((plugin) => `'${plugin.name}'`);
    const transports = having("connect");
    const strategies = having("nextDelay");
    if (transports.length !== 1) {
      const what = transports.join(" and ") || "none";
      faults.push(`plugins: exactly one transport is needed, not ${what}`);
    }
    if (strategies.length > 1) {
      faults.push(`plugins: one retry strategy at most, not ${strategies.join(" and ")}`);
    }
    const added = plugins.slice(known);
    this.#claim(added, faults);
    return added;
  }

  #claim(plugins: readonly Plugin[], faults: string[]): void {
    const stateful = plugins.flatMap(withParts).filter((plugin) => plugin.setup);
    for (const plugin of stateful) {
      if ((served.get(plugin) ?? this) !== this) {
        faults.push(`plugins: '${plugin.name}' serves another client; make one for each client`);
      }
    }
    if (faults.length > 0) throw new ConfigurationError(faults);
    for (const plugin of stateful) served.set(plugin, this);
  }

  /** Each under a name of its own. */
  #named(plugins: readonly Plugin[]): Entry[] {
    const used = this.#entries.map((entry) => entry.name);
    return plugins.map((plugin) => {
      let { name } = plugin;
      for (let n = 2; used.includes(name); n++) name = `${plugin.name}#${n}`;
      used.push(name);
      return { plugin, name };
    });
  }

  #list(entries: readonly Entry[]): void {
    this.#entries = entries;
    this.handshakes = lasting(this.having("handshake"));
    this.onSend = lasting(this.having("onSend"));
    this.onMessage = lasting(this.having("onMessage").toReversed());
  }
}

/** A list to keep. One that a filter has filled has room for 16 more; the empty one is the same for all. */
const lasting = <T>(list: readonly T[]): readonly T[] => (list.length > 0 ? [...list] : none);

/** Whether a hook answered with a promise, of whatever make. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null)?.then === "function";
}
