import { createClient } from "@stream-tungstenite/core";
import type {
  AttemptContext,
  ConnectRequest,
  DisconnectCause,
  Message,
  PluginContext,
  WebSocketClient,
} from "@stream-tungstenite/core";
import { manualClock } from "@stream-tungstenite/core/testing";
import type { ManualClock } from "@stream-tungstenite/core/testing";
import { actors } from "./actors.ts";
import { Arrivals } from "./arrivals.ts";
import { Calls } from "./calls.ts";
import { Journal } from "./journal.ts";
import { Ledger } from "./ledger.ts";
import { Lifecycle, deadlines } from "./lifecycle.ts";
import { Pacing } from "./pacing.ts";
import { Promises } from "./promises.ts";
import type { Call, HookMode, ListenerName, Place, Settings, Talk } from "./schedule.ts";
import type { Greetings, Scene, Stalled } from "./scene.ts";
import type { Socket } from "./socket.ts";
import { turns } from "./turns.ts";
import { Wire } from "./wire.ts";
import type { WireHost } from "./wire.ts";

/** Told to the model by listeners; the rest it hears as a plugin, before any listener. */
const byListener = [
  "connecting",
  "open",
  "reconnectScheduled",
  "fatal",
  "shutdown",
  "closed",
  "drain",
  "error",
] as const;
const everything: readonly ListenerName[] = [
  ...byListener,
  "connected",
  "disconnected",
  "state",
  "message",
  "lagged",
  "dropped",
];

/** A client with everything around it, and the model that watches. */
export class World implements Scene, WireHost {
  readonly settings: Settings;
  readonly journal: Journal;
  readonly clock: ManualClock = manualClock({ now: 1_000 });
  readonly client: WebSocketClient;
  readonly wire: Wire = new Wire(this);
  readonly ledger: Ledger;
  readonly arrivals: Arrivals;
  readonly pacing: Pacing;
  readonly lifecycle: Lifecycle;
  readonly promises: Promises;
  readonly calls: Calls = new Calls(this);
  readonly greetings: Greetings = { due: new Set(), active: null, holds: new Map() };
  readonly greeters: Set<object> = new Set();
  readonly modes: { talk: Talk; onSend: HookMode; onMessage: HookMode } = {
    talk: "ask",
    onSend: "pass",
    onMessage: "pass",
  };
  readonly stalled: Stalled = { onSend: [], onMessage: [], release: [] };
  context: PluginContext | null = null;
  thrown = 0;
  /** The last time that passed without timers. */
  lastJump = -Infinity;
  readonly #reactions = new Map<Place, Call[]>();
  #depth = 0;

  constructor(settings: Settings, traces: boolean) {
    const now = (): number => this.clock.now();
    this.settings = settings;
    this.journal = new Journal(now, traces);
    this.ledger = new Ledger(this.journal, settings, now);
    this.arrivals = new Arrivals(this.journal, settings, () => this.client.state);
    this.pacing = new Pacing(this.journal, settings, now);
    this.lifecycle = new Lifecycle(this.journal, settings, now, this.pacing);
    this.promises = new Promises(this.journal);
    this.client = this.#client();
    this.#listen();
  }

  now(): number {
    return this.clock.now();
  }

  // ── what the wire reports ─────────────────────────────────────────────────────────────────────────

  dialled({ attempt }: ConnectRequest): void {
    // A URL function was asked before, which is when the attempt began.
    if (!this.settings.asksUrl) this.pacing.attempts(attempt);
  }

  took(socket: Socket, text: string): void {
    const { journal, greetings } = this;
    if (text.startsWith("a")) {
      if (socket.bufferedAmount >= this.settings.highWaterMark)
        journal.breaks(`'${text}' is sent above the mark`);
      const isGreeting = greetings.due.size > 0 || greetings.active !== null;
      if (isGreeting && socket === this.wire.last)
        journal.breaks(`'${text}' overtakes a handshake`);
      const hold = Math.min(...(greetings.holds.get(socket.connectionId) ?? []));
      if (this.ledger.leftAt(text) > hold) journal.breaks(`'${text}' is sent despite a hold`);
    }
    this.ledger.took(text);
  }

  left(text: string, isLost: boolean): void {
    this.ledger.left(text, isLost);
  }

  arrives(socket: Socket, isStray: boolean): Message {
    return this.arrivals.arrive(socket, isStray);
  }

  // ── what the application and the plugins do ───────────────────────────────────────────────────────

  plan(place: Place, call: Call): void {
    this.#reactions.set(place, [...(this.#reactions.get(place) ?? []), call]);
  }

  /** Nothing happens inside the client any more. */
  calm(): void {
    this.#reactions.clear();
  }

  reacts(place: Place): boolean {
    return (this.#reactions.get(place)?.length ?? 0) > 0;
  }

  react(place: Place): void {
    const call = this.#depth < 3 ? this.#reactions.get(place)?.shift() : undefined;
    if (!call) return;
    this.journal.saw(`inside: ${place}`);
    this.#depth++;
    try {
      this.calls.make(call, place);
    } finally {
      this.#depth--;
    }
  }

  /** Hooks do nothing any more, and those that stall go on. */
  release(): void {
    for (const go of this.stalled.release.splice(0)) go();
  }

  // ── the client ────────────────────────────────────────────────────────────────────────────────────

  #client(): WebSocketClient {
    const { settings, clock } = this;
    const plugins = actors(this);
    for (const plugin of plugins) if (plugin.handshake) this.greeters.add(plugin);
    const early = settings.firesEarly ? 0.5 : 0;
    return createClient({
      url: settings.asksUrl ? (context) => this.#url(context) : "ws://simulated.test/",
      plugins: [plugins, this.wire.transport()],
      clock: {
        now: () => clock.now(),
        schedule: (delay, task) => clock.schedule(delay > 1 ? delay - early : delay, task),
      },
      random: () => 0.5,
      connectTimeout: deadlines.connect,
      handshakeTimeout: deadlines.handshake,
      closeTimeout: deadlines.close,
      receiveTimeout: settings.receiveTimeout,
      stableAfter: settings.stableAfter,
      handshakeRetryDelay: settings.handshakeRetryDelay,
      exitOnFirstFailure: settings.exitOnFirstFailure,
      highWaterMark: settings.highWaterMark,
      receiveBuffer: settings.receiveBuffer,
      pluginErrorPolicy: settings.policy,
      ...(settings.verdict === "default"
        ? {}
        : { shouldReconnect: (cause) => this.#verdict(cause) }),
      sendQueue: {
        capacity: settings.capacity,
        maxBytes: settings.maxBytes,
        overflow: settings.overflow,
        whileDisconnected: settings.whileDisconnected,
        maxAge: settings.maxAge,
      },
    });
  }

  #url({ attempt, signal }: AttemptContext): string | Promise<string> {
    this.pacing.attempts(attempt);
    this.react("url");
    return this.wire.url(signal);
  }

  async #later(cause: DisconnectCause): Promise<boolean> {
    await turns(1);
    return cause.retryable;
  }

  #verdict(cause: DisconnectCause): boolean | Promise<boolean> {
    const { state } = this.client;
    try {
      this.react("shouldReconnect");
      if (this.client.state !== state) this.lifecycle.overtaken = cause;
    } catch (error) {
      this.lifecycle.hasThrown = true;
      throw error;
    }
    switch (this.settings.verdict) {
      case "yes":
        return true;
      case "no":
        return false;
      case "later":
        return this.#later(cause);
      case "never":
        return new Promise(() => {});
      default:
        throw new Error("no verdict");
    }
  }

  #listen(): void {
    const { client, lifecycle, promises, greetings } = this;
    client.on("fatal", ({ error }) => promises.causes.add(error));
    client.on("open", () => {
      const socket = this.wire.last;
      if (socket) socket.connectionId = lifecycle.opened + 1;
      greetings.due.clear();
      for (const plugin of this.greeters) greetings.due.add(plugin);
      greetings.active = null;
    });
    for (const type of byListener) {
      client.on(type, (payload) =>
        lifecycle.tell({ type, payload } as Parameters<Lifecycle["tell"]>[0]),
      );
    }
    client.on("closed", ({ cause }) => this.arrivals.finish(cause !== null));
    client.on("message", (message) => this.arrivals.hear(message));
    client.on("state", ({ to }) => {
      if (!["handshaking", "connected", "closing"].includes(to.status)) this.ledger.returned();
    });
    for (const event of everything) {
      client.on(event, () => {
        const { broken } = this.journal;
        const before = broken.length;
        try {
          this.react(event);
        } catch (error) {
          if (broken.length === before) this.thrown++;
          throw error;
        } finally {
          if (event === "message") this.arrivals.passOn();
        }
      });
    }
  }
}
