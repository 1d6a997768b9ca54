import type { PluginContext, WebSocketClient } from "@stream-tungstenite/core";
import type { ManualClock } from "@stream-tungstenite/core/testing";
import type { Arrivals } from "./arrivals.ts";
import type { Journal } from "./journal.ts";
import type { Ledger } from "./ledger.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { Pacing } from "./pacing.ts";
import type { Promises } from "./promises.ts";
import type { HookMode, Place, Settings, Talk } from "./schedule.ts";
import type { Wire } from "./wire.ts";

/** What one schedule plays with: the client, its world, and the books of the model. */
export interface Scene {
  readonly settings: Settings;
  readonly journal: Journal;
  readonly clock: ManualClock;
  readonly client: WebSocketClient;
  readonly wire: Wire;
  readonly ledger: Ledger;
  readonly arrivals: Arrivals;
  readonly pacing: Pacing;
  readonly lifecycle: Lifecycle;
  readonly promises: Promises;
  readonly greetings: Greetings;
  readonly modes: { talk: Talk; onSend: HookMode; onMessage: HookMode };
  /** Hooks that have promised an answer. */
  readonly stalled: Stalled;
  /** The plugin's inside view; `null` before its `setup`. */
  context: PluginContext | null;
  /** Errors thrown by listeners, which must surface. */
  thrown: number;
  /** Application handshakes that are installed. */
  readonly greeters: Set<object>;
  /** Something is to happen at that place. */
  reacts(place: Place): boolean;
  /** Lets it happen. */
  react(place: Place): void;
}

/** Application handshakes of the newest socket. */
export interface Greetings {
  /** Plugins whose turn must come on this connection. */
  readonly due: Set<object>;
  /** The one that is under way. */
  active: object | null;
  /** When exchanges began to hold back the application's messages, in ticks, by connection. */
  readonly holds: Map<number, Set<number>>;
}

/** Promises of hooks, by connection. */
export interface Stalled {
  readonly onSend: { readonly connectionId: number }[];
  readonly onMessage: { readonly connectionId: number }[];
  readonly release: (() => void)[];
}
