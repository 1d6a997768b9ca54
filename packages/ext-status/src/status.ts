import { checkOptions, labelOption, optionRule } from "@stream-tungstenite/core";
import type {
  ClientState,
  Clock,
  DisconnectCause,
  Extension,
  OptionRules,
  PluginContext,
  StateChange,
  WebSocketClient,
} from "@stream-tungstenite/core";
import { History } from "./history.ts";
import type { Transition } from "./history.ts";
import { causeOf } from "./last-cause.ts";
import { Stopwatch } from "./stopwatch.ts";

/** Options of {@link status}. */
export interface StatusOptions {
  /** Transitions kept, 0 or more; the oldest go first. @defaultValue 50 */
  readonly history?: number | undefined;
  /** For errors and logs. @defaultValue "status" */
  readonly name?: string | undefined;
}

/** What subscribers compare: frozen, and the same object until one of these changes. */
export interface StatusSnapshot {
  readonly state: ClientState;
  readonly isConnected: boolean;
  /** How often the client was connected. */
  readonly connectionCount: number;
  /** How often it was connected again. */
  readonly reconnectCount: number;
  /** Why the last connection or dial failed; null when none did. Stays when it is connected again. */
  readonly lastCause: DisconnectCause | null;
}

/**
 * How a client fares: its plugin and the handle to look at, one object. Serves one client at a time.
 *
 * Durations in milliseconds. Before the client first dials all is idle, null and 0; after it is closed
 * everything stays readable. A client that dials again after it gave up goes on counting, another client
 * starts from nothing.
 */
export interface Status extends Extension, Omit<StatusSnapshot, "state"> {
  readonly current: ClientState;
  /** Milliseconds since the present connection was made; 0 when there is none. */
  readonly uptime: number;
  /** Milliseconds of all connections together, the present one included. */
  readonly timeConnected: number;
  /**
   * Milliseconds of all outages together, the present one included: from a loss until connected again,
   * disconnected by the application, or given up. The way to the first connection is none.
   */
  readonly timeInOutage: number;
  /** Messages of all connections, those of application handshakes included. */
  readonly messagesReceived: number;
  readonly messagesSent: number;
  /** Payload bytes of these messages. */
  readonly bytesReceived: number;
  readonly bytesSent: number;
  /** The last transitions, oldest first: a new list with each. */
  readonly history: readonly Transition[];
  /**
   * Calls the listener after every change of the snapshot; returns the undo. Bound, as `getSnapshot` is:
   * both may be handed to `useSyncExternalStore` as they are.
   */
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => StatusSnapshot;
}

/**
 * The state and the figures of a client, to read at any time and to subscribe to.
 *
 * @throws ConfigurationError when an option cannot work
 */
export function status(options: StatusOptions = {}): Status {
  const { history, name } = checkOptions(rules, options, "status");
  return new ClientStatus(name, history);
}

const rules: OptionRules<{ readonly history: number; readonly name: string }> = {
  history: optionRule(
    50,
    "an integer, 0 or more,",
    (history) => Number.isInteger(history) && (history as number) >= 0,
  ),
  name: labelOption("status"),
};

const idle: StatusSnapshot = Object.freeze({
  state: Object.freeze({ status: "idle" }),
  isConnected: false,
  connectionCount: 0,
  reconnectCount: 0,
  lastCause: null,
});

class ClientStatus implements Status {
  readonly name: string;
  readonly #history: History;
  readonly #connected = new Stopwatch();
  readonly #outage = new Stopwatch();
  #snapshot = idle;
  #listeners: readonly (() => void)[] = [];
  #context: PluginContext | undefined;
  /** Kept when the client is closed: figures stay readable. */
  #client: WebSocketClient | undefined;
  #clock: Clock | undefined;

  constructor(name: string, history: number) {
    this.name = name;
    this.#history = new History(history);
  }

  get current(): ClientState {
    return this.#snapshot.state;
  }
  get isConnected(): boolean {
    return this.#snapshot.isConnected;
  }
  get connectionCount(): number {
    return this.#snapshot.connectionCount;
  }
  get reconnectCount(): number {
    return this.#snapshot.reconnectCount;
  }
  get lastCause(): DisconnectCause | null {
    return this.#snapshot.lastCause;
  }
  get uptime(): number {
    const { current } = this;
    return current.status === "connected" ? Math.max(0, this.#now - current.since) : 0;
  }
  get timeConnected(): number {
    return this.#connected.read(this.#now);
  }
  get timeInOutage(): number {
    return this.#outage.read(this.#now);
  }
  get messagesReceived(): number {
    return this.#figure("messagesReceived");
  }
  get messagesSent(): number {
    return this.#figure("messagesSent");
  }
  get bytesReceived(): number {
    return this.#figure("bytesReceived");
  }
  get bytesSent(): number {
    return this.#figure("bytesSent");
  }
  get history(): readonly Transition[] {
    return this.#history.list;
  }

  readonly getSnapshot = (): StatusSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    // The same function may subscribe twice, and each undo is for one of them.
    const call = (): void => listener();
    this.#listeners = [...this.#listeners, call];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== call);
    };
  };

  setup(context: PluginContext): () => void {
    const { client, clock } = context;
    this.#context = context;
    this.#clock = clock;
    if (this.#client !== client) {
      this.#client = client;
      this.#connected.reset();
      this.#outage.reset();
      this.#history.clear();
      if (this.#snapshot !== idle) this.#publish(idle);
    }
    // Added later than its client dialled.
    const { state } = client;
    if (state !== this.current && state.status !== "idle") this.#enter(state);
    return () => {
      this.#context = undefined;
    };
  }

  onStateChange({ from, to }: StateChange): void {
    this.#history.add(this.#now, from, to);
    this.#enter(to);
  }

  #enter(state: ClientState): void {
    const { status } = state;
    const isConnected = status === "connected";
    const now = isConnected ? state.since : this.#now;
    this.#connected.run(isConnected, now);
    if (this.isConnected && status === "waiting") this.#outage.run(true, now);
    else if (isConnected || status === "idle" || status === "closed") this.#outage.run(false, now);
    this.#publish(
      Object.freeze({
        state,
        isConnected,
        connectionCount: this.#figure("connectionCount"),
        reconnectCount: this.#figure("reconnectCount"),
        lastCause: causeOf(state) ?? this.lastCause,
      }),
    );
  }

  #publish(snapshot: StatusSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        // The other listeners are not to miss the change.
        this.#context?.report(error);
      }
    }
  }

  get #now(): number {
    return this.#clock?.now() ?? 0;
  }

  #figure(name: Figure): number {
    return this.#client?.snapshot()[name] ?? 0;
  }
}

type Figure =
  | "connectionCount"
  | "reconnectCount"
  | "messagesReceived"
  | "messagesSent"
  | "bytesReceived"
  | "bytesSent";
