import type { ClientEvents } from "./events.ts";
import { Fifo } from "./fifo.ts";
import type { Plugins } from "./plugins.ts";

type Name = keyof ClientEvents;
/** One `on`: the same function may listen twice, and each undo takes one away. */
interface Listener {
  readonly tell: (payload: never) => void;
}
type Tap = <K extends Name>(type: K, payload: ClientEvents[K]) => void;

/** The observers of `Plugin`, by the event they are told. */
const observers = {
  state: "onStateChange",
  connected: "onConnected",
  disconnected: "onDisconnected",
  error: "onError",
  lagged: "onLagged",
  dropped: "onDropped",
} as const;

/**
 * Tells plugins and listeners what happened, in the order in which it happened: what a listener causes is
 * told after the event it was listening to, never in the middle of it.
 */
export class Notifier {
  readonly #plugins: Plugins;
  readonly #listeners: { [K in Name]?: readonly Listener[] | undefined } = {};
  #taps: readonly Tap[] = none;
  /** What is yet to be told; null when all is. */
  #tasks: Fifo<() => void> | null = null;
  #running = false;

  constructor(plugins: Plugins) {
    this.#plugins = plugins;
  }

  /** Lists are replaced, never changed: an emission under way goes on with the one it began with. */
  on<K extends Name>(event: K, listener: (payload: ClientEvents[K]) => void): () => void {
    const own: Listener = { tell: listener };
    const others = this.#listeners[event];
    // A list to which one is added has room for 16 more; most events have one listener at most.
    this.#listeners[event] = others ? [...others, own] : [own];
    return () => {
      this.#listeners[event] = this.#listeners[event]?.filter((other) => other !== own);
    };
  }

  /** Everything but messages. */
  tap(tap: Tap): () => void {
    this.#taps = [...this.#taps, tap];
    return () => {
      this.#taps = this.#taps.filter((other) => other !== tap);
    };
  }

  /** Those who listen now, for `tell`. */
  listeners(event: Name): readonly Listener[] | undefined {
    return this.#listeners[event];
  }

  /**
   * Announces an event, after those already announced; to listeners only if the observers failed at it.
   * Told are those who listen then, unless others are given.
   */
  tell<K extends Name>(
    event: K,
    payload: ClientEvents[K],
    listenersOnly = false,
    listeners?: readonly Listener[],
  ): void {
    this.run(() => {
      const hook = observers[event as keyof typeof observers];
      if (hook && !listenersOnly) this.#plugins.observe(hook, payload);
      this.emit(event, payload, listeners);
      for (const tap of this.#taps) tap(event, payload);
    });
  }

  /** Runs a task in its place among the announcements. */
  run(task: () => void): void {
    this.#tasks ??= new Fifo();
    this.#tasks.push(task);
    this.batch(() => {});
  }

  /** Changes several things before anybody is told of the first. */
  batch(change: () => void): void {
    if (this.#running) return change();
    this.#running = true;
    try {
      change();
    } finally {
      for (let task = this.#tasks?.shift(); task; task = this.#tasks?.shift()) {
        try {
          task();
        } catch (error) {
          surface(error);
        }
      }
      this.#tasks = null;
      this.#running = false;
    }
  }

  /** Calls the listeners at once: the fast path of messages. */
  emit<K extends Name>(
    event: K,
    payload: ClientEvents[K],
    listeners: readonly Listener[] | undefined = this.#listeners[event],
  ): void {
    if (listeners === undefined) return;
    for (let i = 0; i < listeners.length; i++) {
      try {
        // Not as its method: `this` is none of a listener's business.
        const { tell } = listeners[i]!;
        tell(payload as never);
      } catch (error) {
        surface(error);
      }
    }
  }
}

const none: readonly never[] = [];

/** An error of the application's own code shows as an uncaught exception would, and breaks nothing here. */
export function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
