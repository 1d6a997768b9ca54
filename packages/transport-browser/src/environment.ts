import type { ConnectError, Extension, PluginContext } from "@stream-tungstenite/core";
import {
  environmentSettings,
  missingMethods,
  type EnvironmentEvent,
  type EnvironmentEvents,
  type EnvironmentOptions,
  type EnvironmentSettings,
} from "./environment-options.ts";
import { platform } from "./platform.ts";

/**
 * Heeds what the platform tells of the network and of the page's life: `online` and `offline`, pages that
 * are hidden, frozen or kept in the back/forward cache, computers that sleep. All of it is a hint: it makes
 * the client look, or try, earlier or later than it would have.
 *
 * | told | while connected | while waiting for the next attempt |
 * |---|---|---|
 * | `offline` | asks for a sign of life (`onProbe`, which `heartbeat` has) | later attempts come every `offlineInterval` |
 * | `online` | asks for a sign of life | one attempt within a second, though not before `Retry-After` |
 * | the page is visible or resumed, the clock jumped | asks for a sign of life | makes the attempt if it is overdue |
 * | the page enters the back/forward cache | closes with code 1000, which is no failure | gives up the wait |
 * | the page leaves it | dials at once what was closed | dials at once what was given up |
 *
 * Where no such events are told, as in Node, there is still the clock to watch: one timer of 10 s, which
 * runs while the client is neither idle nor closed.
 *
 * @throws ConfigurationError listing every fault
 */
export function environment(options: EnvironmentOptions = {}): Extension {
  return new Environment(environmentSettings(options));
}

const types = ["online", "offline", "visibilitychange", "resume", "pagehide", "pageshow"];
const resting = ["idle", "closing", "closed"];

/** Milliseconds over which clients that hear of the same network spread their attempts. */
const spread = 1_000;
/** Milliseconds between two looks at the clock. */
const period = 10_000;

class Environment implements Extension {
  readonly name: string;
  readonly #settings: EnvironmentSettings;
  #context: PluginContext | undefined;
  #resume: (() => void) | undefined;
  #cancelLook: (() => void) | undefined;
  #cancelAttempt: (() => void) | undefined;

  constructor(settings: EnvironmentSettings) {
    this.name = settings.name;
    this.#settings = settings;
  }

  setup(context: PluginContext): () => void {
    const global = platform() as EnvironmentEvents;
    const events = this.#settings.events ?? (missingMethods(global) ? undefined : global);
    // Events of the document bubble to the window in some browsers only. workerd refuses to capture; Node
    // does not remove what captures unless it is told by an object.
    const options = { capture: "document" in globalThis };
    // Some sources tell of an event even those who left because of it.
    const heed = (event: EnvironmentEvent): void => {
      if (this.#context) this.#heed(context, event);
    };
    const heard: string[] = [];
    const undo = (): void => {
      this.#context = undefined;
      this.onStateChange();
      this.#resume?.();
      for (const type of heard) events?.removeEventListener(type, heed, options);
    };
    this.#context = context;
    try {
      for (const type of types) {
        events?.addEventListener(type, heed, options);
        heard.push(type);
      }
    } catch (error) {
      // Nobody else would: an extension that fails here has given no undo.
      undo();
      throw error;
    }
    this.onStateChange();
    return undo;
  }

  adjustDelay(delay: number, { random }: { readonly random: () => number }): number {
    const { isOnline, offlineInterval } = this.#settings;
    return isOnline() === false ? Math.max(delay, offlineInterval * (0.5 + random())) : delay;
  }

  /** Every state begins without timers; one that may last gets the timer that watches the clock. */
  onStateChange(): void {
    const context = this.#context;
    this.#cancelLook?.();
    this.#cancelAttempt?.();
    this.#cancelAttempt = this.#cancelLook = undefined;
    if (context && !resting.includes(context.client.state.status)) this.#watch(context);
  }

  #heed(context: PluginContext, { type, persisted, target }: EnvironmentEvent): void {
    if (type === "pagehide") {
      // Only a page without a socket is kept, in most browsers. One that is not kept needs no farewell:
      // the platform closes its sockets with code 1001.
      if (persisted) this.#resume = context.suspend();
      return;
    }
    if (type === "pageshow" && persisted) this.#resume?.();
    const isHidden = (target as { visibilityState?: string } | null)?.visibilityState === "hidden";
    if (type !== "visibilitychange" || !isHidden) this.#look(context);
    if (type === "online") this.#attempt(context);
  }

  /** Something may have happened unseen. */
  #look(context: PluginContext): void {
    const { client, clock } = context;
    const { state } = client;
    if (client.isConnected) context.probe();
    // Without a delay it is yet to be decided whether there is another attempt.
    else if (state.status === "waiting" && state.delay > 0 && clock.now() >= state.until) {
      client.reconnect();
    }
  }

  /** One attempt soon, if the next one is later and nothing is known that speaks against it. */
  #attempt({ client, clock, random }: PluginContext): void {
    const { state } = client;
    if (state.status !== "waiting" || this.#cancelAttempt) return;
    const { until, delay, cause } = state;
    const { retryAfter = 0 } = cause as Partial<ConnectError>;
    const now = clock.now();
    // However often a network comes and goes, attempts are a second apart.
    const earliest = Math.max(now, until - delay + Math.max(spread, retryAfter));
    const at = earliest + random() * spread;
    if (at < until) this.#cancelAttempt = clock.schedule(at - now, () => client.reconnect());
  }

  /** Timers stand still while a computer sleeps; the clock does not. */
  #watch(context: PluginContext): void {
    const { clock } = context;
    const since = clock.now();
    this.#cancelLook = clock.schedule(period, () => {
      this.#watch(context);
      if (clock.now() - since >= 2 * period) this.#look(context);
    });
  }
}
