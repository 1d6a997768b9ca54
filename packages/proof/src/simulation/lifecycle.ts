import type {
  ClientEvents,
  ClientState,
  DisconnectCause,
  StreamTungsteniteError,
} from "@stream-tungstenite/core";
import { strayArrow } from "./diagram.ts";
import { codeOf } from "./journal.ts";
import type { Journal } from "./journal.ts";
import type { Pacing } from "./pacing.ts";
import type { ListenerName, Settings } from "./schedule.ts";

type Told = {
  [K in ListenerName]: { readonly type: K; readonly payload: ClientEvents[K] };
}[ListenerName];

/** Milliseconds; the longest that a client may stay where it is. */
export const deadlines = { connect: 100, handshake: 80, close: 50, longestClose: 60 } as const;

/** The story that the events tell: along the drawn arrows, each in its place, none after the end. */
export class Lifecycle {
  readonly #journal: Journal;
  readonly #settings: Settings;
  readonly #now: () => number;
  readonly #pacing: Pacing;
  /** The state last told. */
  state: ClientState = { status: "idle" };
  /** When it began; steps of handshakes are moments of their own. */
  since = 0;
  /** `connected` was told and `disconnected` was not. */
  up: { readonly id: number; readonly at: number } | null = null;
  connections = 0;
  opened = 0;
  /** `close()` was called. */
  isClosing = false;
  /** A plugin has suspended the client: it rests, but means to go on. */
  isSuspended = false;
  /** `shouldReconnect` has thrown, which is heard of later. */
  hasThrown = false;
  /** Somebody who was told of an error has caused another one. */
  hasReported = false;
  /** The loss about which somebody was asked who did something else: what the strategy is asked of it is void. */
  overtaken: DisconnectCause | null = null;
  /** Somebody who was asked about a loss has done something else. */
  isMeddled = false;
  /** The last failure came from a handshake. */
  wasGreeting = false;
  /** Event names in order, `message` left out. */
  readonly names: string[] = [];
  #owed: ListenerName | null = null;
  #lastClosed: ClientEvents["closed"] | null = null;
  #attempt = 0;
  /** The state before the last one, or before waiting. */
  cameFrom: ClientState["status"] = "idle";
  /** How long the last step of a handshake took, in milliseconds. */
  #greeted = 0;
  readonly #errors = new Set<StreamTungsteniteError>();

  constructor(journal: Journal, settings: Settings, now: () => number, pacing: Pacing) {
    this.#journal = journal;
    this.#settings = settings;
    this.#now = now;
    this.#pacing = pacing;
  }

  /** What one loss means is known at once. */
  get judgesAtOnce(): boolean {
    return !this.hasThrown && ["default", "yes", "no"].includes(this.#settings.verdict);
  }

  /** Milliseconds that each step of a handshake has. */
  get #greetingTime(): number {
    return this.#settings.handshakeTimeout ?? deadlines.handshake;
  }

  tell({ type, payload }: Told): void {
    if (type === "message") return;
    this.names.push(type);
    if (this.#lastClosed) this.#afterClosed(type);
    if (this.#owed === type) this.#owed = null;
    switch (type) {
      case "state":
        return this.#moved(payload);
      case "connecting":
        this.#attempt = payload.attempt;
        return this.#in("connecting", type);
      case "open":
        this.opened++;
        return;
      case "connected":
        return this.#connected(payload);
      case "disconnected":
        return this.#disconnected(payload);
      case "reconnectScheduled":
        this.#pacing.scheduled(payload);
        return this.#in("waiting", type);
      case "error":
        this.#journal.saw(`error: ${codeOf(payload.error)}`);
        this.#timedOut(payload.error);
        // Unless somebody who was told of it reported another one in between.
        if (this.#errors.has(payload.error) && !this.hasReported) {
          this.#breaks(`${codeOf(payload.error)} is told twice`);
        }
        this.#errors.add(payload.error);
        return;
      case "fatal":
        this.#journal.saw(`fatal: ${codeOf(payload.error)}`);
        this.#timedOut(payload.error);
        // A hook's fault is an `error` whatever follows from it.
        if (this.#errors.has(payload.error) && codeOf(payload.error) !== "PLUGIN") {
          this.#breaks("'fatal' was also an 'error'");
        }
        return this.#in("closed", type);
      case "shutdown":
        if (!this.isClosing) this.#breaks("'shutdown' without close()");
        return;
      case "closed":
        this.#lastClosed = payload;
        if (this.up) this.#breaks("'closed' before 'disconnected'");
        return this.#in("closed", type);
      default:
        return;
    }
  }

  /** Nothing moves and no timer is overdue: nothing lasts longer than its deadline. */
  check(actual: ClientState): void {
    const { state } = this;
    if (actual !== state && state.status !== "idle") {
      this.#breaks(`the state is ${actual.status}, and ${state.status} was told last`);
    }
    if (this.#owed) this.#breaks(`'${this.#owed}' was not told`);
    const isUp = actual.status === "connected" || actual.status === "closing";
    const mayLag = actual.status === "waiting" && !this.judgesAtOnce;
    if ((this.up !== null) !== isUp && !mayLag) {
      this.#breaks(`'${isUp ? "connected" : "disconnected"}' was not told`);
    }
    const now = this.#now();
    const age = now - this.since;
    const hangs =
      (state.status === "connecting" && age > deadlines.connect) ||
      (state.status === "handshaking" && age > this.#greetingTime) ||
      (state.status === "closing" && age > deadlines.longestClose) ||
      (state.status === "waiting" && now > state.until && this.#settings.verdict !== "never");
    if (hangs) this.#breaks(`hangs in ${state.status}, for ${age} ms by now`);
  }

  #moved({ from, to }: ClientEvents["state"]): void {
    this.#journal.note(`${from.status} --> ${to.status}`);
    this.#journal.saw(`state: ${to.status}`);
    this.#journal.saw(`arrow: ${from.status} --> ${to.status}`);
    if (from !== this.state && this.state.status !== "idle") {
      this.#breaks(`goes from ${from.status}, but ${this.state.status} was told last`);
    }
    const stray = strayArrow(from, to);
    if (stray) this.#breaks(stray);
    if (this.#owed) this.#breaks(`'${this.#owed}' does not follow its state`);
    this.#owed = null;
    if (to.status === "connecting" || to.status === "connected") this.#owed = to.status;
    else if (to.status === "waiting" && this.judgesAtOnce) this.#owed = "reconnectScheduled";
    else if (to.status === "closed") this.#owed = "closed";
    if (to.status === "waiting" && from.status !== "waiting") {
      this.wasGreeting = from.status === "handshaking";
    }
    if (from.status === "handshaking") this.#greeted = this.#now() - this.since;
    this.cameFrom = from.status === "waiting" ? this.cameFrom : from.status;
    this.since = this.#now();
    this.state = to;
  }

  /** No handshake is given up before its own time is over; timers may fire half a millisecond early. */
  #timedOut(error: StreamTungsteniteError): void {
    if (error.code === "HANDSHAKE_TIMEOUT" && this.#greeted < this.#greetingTime - 0.5)
      this.#breaks(`a handshake timed out after ${this.#greeted} ms of ${this.#greetingTime}`);
  }

  #connected({ id, attempt, reconnects }: ClientEvents["connected"]): void {
    this.#in("connected", "connected");
    if (this.up) this.#breaks("connected twice");
    if (reconnects !== this.connections++) this.#breaks(`${reconnects} reconnects are told`);
    if (reconnects > 0) this.#journal.saw("reconnected");
    if (attempt !== this.#attempt)
      this.#breaks(`connected with attempt ${attempt}, not ${this.#attempt}`);
    if (id !== this.opened) this.#breaks(`connection ${id} is told, not ${this.opened}`);
    this.up = { id, at: this.#now() };
  }

  #disconnected({ cause, willRetry, uptime }: ClientEvents["disconnected"]): void {
    const { up, state } = this;
    this.#journal.saw(`disconnected: ${cause ? codeOf(cause) : "asked for"}`);
    if (!up) return this.#breaks("disconnected, but was not connected");
    this.up = null;
    const lasted = this.#now() - up.at;
    if (this.judgesAtOnce ? uptime !== lasted : uptime > lasted) {
      this.#breaks(`was connected for ${lasted} ms, not ${uptime}`);
    }
    if ((cause === undefined) !== (this.cameFrom === "closing") && !this.isMeddled) {
      this.#breaks(`disconnected ${cause ? "with" : "without"} a cause, from ${this.cameFrom}`);
    }
    const isRetried =
      state.status === "waiting" ||
      state.status === "connecting" ||
      (state.status === "idle" && this.isSuspended && willRetry);
    if (isRetried !== willRetry)
      this.#breaks(`willRetry is ${willRetry}, but it is ${state.status}`);
  }

  /** After giving up it may start afresh, and a second cause may follow the first. */
  #afterClosed(type: ListenerName): void {
    if (this.#lastClosed!.cause === null) this.#breaks(`'${type}' after 'closed'`);
    else if (type !== "state" && type !== "error") this.#breaks(`'${type}' after giving up`);
    if (type === "state") this.#lastClosed = null;
  }

  #in(status: ClientState["status"], type: string): void {
    if (this.state.status !== status) this.#breaks(`'${type}' is told in ${this.state.status}`);
  }

  #breaks(rule: string): void {
    this.#journal.breaks(rule);
  }
}
