import type { WebSocketClient } from "./client.ts";
import type { Clock } from "./clock.ts";
import {
  ConnectTimeoutError,
  IdleTimeoutError,
  PluginError,
  RetriesExhaustedError,
} from "./errors.ts";
import type { DisconnectCause, DropReason, StreamTungsteniteError } from "./errors.ts";
import type { ClientEvents } from "./events.ts";
import { Inflow } from "./inflow.ts";
import { Link } from "./link.ts";
import type { LinkEnd, LinkHost } from "./link.ts";
import { transition } from "./machine.ts";
import type { ClientState, StateEvent } from "./machine.ts";
import type { Message } from "./message.ts";
import { Notifier, surface } from "./notifier.ts";
import type { ClientOptions, Resolved } from "./options.ts";
import { Outage } from "./outage.ts";
import { Pings } from "./pings.ts";
import type { PluginContext } from "./plugin.ts";
import { Plugins, isThenable } from "./plugins.ts";
import type { Entry, Fault } from "./plugins.ts";
import { redactUrl } from "./redact.ts";
import { resolveOptions } from "./resolve-options.ts";
import { Sender } from "./sender.ts";
import type { SenderHost } from "./sender.ts";
import type { CloseInfo, OpenInfo } from "./transport.ts";

/** The figures of connections that have ended, and of errors. */
export interface Totals {
  connections: number;
  errors: number;
  messages: number;
  bytes: number;
  lastError: StreamTungsteniteError | null;
  lastDisconnect: { readonly at: number; readonly cause: DisconnectCause | null } | null;
}

/** What the supervisor tells the client that it works for. */
export interface SupervisorHost {
  readonly client: WebSocketClient;
  /** What a plugin's `setup` is given. */
  contextOf(entry: Entry): PluginContext;
  connected(): void;
  /** Back to `idle`, or dialling anew after a closing handshake that the application asked for. */
  rested(): void;
  /** Before anybody is told; the function returned is called after `closed`. */
  closing(cause: StreamTungsteniteError | null, close: CloseInfo, undelivered: number): () => void;
  closedError(): Error;
}

/**
 * Keeps the client connected: dials, arms the one deadline of each state, judges losses, waits and dials
 * again. What is allowed where says the machine; the promises of the verbs are the client's.
 */
export class Supervisor implements LinkHost, SenderHost {
  readonly client: WebSocketClient;
  readonly options: Resolved;
  readonly plugins: Plugins;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly sender: Sender;
  readonly inflow: Inflow;
  readonly pings: Pings;
  readonly totals: Totals = {
    connections: 0,
    errors: 0,
    messages: 0,
    bytes: 0,
    lastError: null,
    lastDisconnect: null,
  };
  state: ClientState = { status: "idle" };
  link: Link | null = null;
  /** Redacted. */
  url = "";
  readonly #host: SupervisorHost;
  readonly #outage: Outage;
  /** After `closing`, or after everybody was told of `closed`: dial. */
  #redial = false;
  /** Somebody has yet to be told of `closed`. */
  #isTelling = false;
  /** No dial has succeeded since it was asked for. */
  #isFirst = true;
  #opened = 0;
  #connectedAt = 0;
  /** Counts the judgements, so that a late answer to an old one changes nothing. */
  #judgement = 0;
  #cancelDeadline: (() => void) | undefined;
  #cancelStable: (() => void) | undefined;

  /** @throws ConfigurationError with every fault of the options and of the plugin list */
  constructor(host: SupervisorHost, options: ClientOptions) {
    const faults: string[] = [];
    this.#host = host;
    this.client = host.client;
    this.options = resolveOptions(options, faults);
    this.plugins = new Plugins((options as ClientOptions | undefined)?.plugins, faults, this.fault);
    this.clock = this.options.clock;
    this.notifier = new Notifier(this.plugins);
    this.inflow = new Inflow(this.notifier, this.options.receiveBuffer);
    this.pings = new Pings(this.clock);
    this.#outage = new Outage(this.options, this.plugins, this.fault);
    this.sender = new Sender(this);
    if (this.options.target) this.url = redactUrl(this.options.target.url);
  }

  /** Why the client gave up; null when it did not. */
  get causeOfEnd(): StreamTungsteniteError | null {
    return this.state.status === "closed" ? this.state.cause : null;
  }
  get attempt(): number {
    return this.link?.attempt ?? this.#outage.retries;
  }
  get paused(): boolean {
    return this.inflow.isPaused;
  }
  /** The connection, once its handshakes are done. */
  get readyLink(): Link | null {
    return this.state.status === "connected" ? this.link : null;
  }

  // ── verbs ─────────────────────────────────────────────────────────────────────────────────────────

  /** Dials unless something is under way already. */
  start(): void {
    const { status } = this.state;
    if (this.#isTelling || status === "closing") this.#redial = true;
    if (this.#isTelling || (status !== "idle" && status !== "closed")) return;
    this.#outage.forget();
    this.#isFirst = true;
    try {
      this.plugins.setUp((entry) => this.#host.contextOf(entry));
    } catch (error) {
      return this.#giveUp(error as StreamTungsteniteError, null);
    }
    // A `setup` may have started, or closed, the client itself.
    if (this.state.status === status) this.#dial(0);
  }

  /** Forgets the outage; dials now unless an attempt is under way. */
  restart(reason: string): void {
    this.#outage.forget();
    if (this.state.status === "waiting") this.#dial(0);
    else if (this.state.status === "connected") {
      this.leave(1000, reason, this.options.closeTimeout);
      this.#redial = true;
    } else this.start();
  }

  /** Graceful, back to `idle`. */
  leave(code: number, reason: string, timeout: number): void {
    this.#redial = false;
    const { link } = this;
    if (this.state.status === "connected") {
      this.#beginClosing("idle", timeout);
      link?.close(code, reason);
    } else if (this.state.status !== "closing") this.rest();
  }

  /** Drops whatever is under way, back to `idle`. */
  rest(): void {
    this.notifier.batch(() => {
      this.#drop();
      this.#to({ type: "rest" });
      this.#host.rested();
    });
  }

  /** Flushes, closes and never dials again. */
  shutDown(code: number, reason: string, timeout: number): void {
    this.#redial = false;
    const { status } = this.state;
    if (status === "closed") return;
    this.notifier.batch(() => {
      this.notifier.tell("shutdown", {});
      const { link } = this;
      if (status === "connected" && link) {
        this.#beginClosing("closed", timeout);
        this.sender.whenEmpty(() => link.close(code, reason));
      } else if (status === "closing") this.#beginClosing("closed", timeout);
      else {
        this.#drop();
        this.#end(null, { code: 1006, reason: "", wasClean: link === null }, null);
      }
    });
  }

  /** Raises `error`. */
  report(error: StreamTungsteniteError): void {
    this.#tellError(error);
  }

  // ── what a connection tells ───────────────────────────────────────────────────────────────────────

  readonly fault: Fault = (entry, hook, error) => {
    const failure = new PluginError(entry.name, hook, { cause: error });
    // An observer of errors that throws would be told of its own error for ever.
    if (hook === "onError") surface(failure);
    else this.#tellError(failure);
    if (this.options.pluginErrorPolicy === "disconnect") this.link?.lose(failure);
  };

  resolved(url: string): void {
    this.url = redactUrl(url);
  }

  opened(link: Link, info: OpenInfo): void {
    this.#disarm();
    link.id = ++this.#opened;
    this.sender.attach(link);
    this.notifier.tell("open", { protocol: info.protocol, extensions: info.extensions });
  }

  stepped(step: string): void {
    this.#to({ type: "step", step });
  }

  ready(link: Link): void {
    this.notifier.batch(() => {
      this.sender.start();
      // A transport that refuses the first message has ended the connection by now.
      if (this.link !== link) return;
      this.#isFirst = false;
      const reconnects = this.totals.connections++;
      const { id, attempt } = link;
      this.#connectedAt = this.clock.now();
      this.#to({ type: "ready", id, since: this.#connectedAt });
      this.notifier.tell("connected", { id, attempt, reconnects });
      this.inflow.attach(link);
      this.#watchSilence(link);
      this.#awaitStability();
      this.#host.connected();
      this.notifier.run(() => link.release());
    });
  }

  ended(link: Link, end: LinkEnd): void {
    if (this.link !== link) return;
    this.notifier.batch(() => {
      const { status } = this.state;
      this.#detach(link, end);
      if (status === "closing") this.#closed(end);
      // The client drops a connection that it does not want without asking what to do next.
      else if (end.cause) this.#judge(end.cause, end, status);
    });
  }

  deliver(message: Message): void {
    this.inflow.deliver(message);
  }
  backlog(length: number): boolean {
    return this.inflow.backlog(length);
  }
  writable(): void {
    this.sender.pump();
  }
  drained(): void {
    this.notifier.tell("drain", {});
  }
  dropped(messages: readonly Message[], reason: DropReason): void {
    this.notifier.tell("dropped", { messages, reason });
  }
  sendUrgent(message: Message): void {
    this.sender.sendUrgent(message);
  }
  pong(payload: Uint8Array): void {
    this.pings.pong(payload);
  }

  // ── dialling ──────────────────────────────────────────────────────────────────────────────────────

  #dial(attempt: number): void {
    this.notifier.batch(() => {
      this.#disarm();
      this.#judgement++;
      if (!this.#to({ type: "dial", attempt })) return;
      this.notifier.tell("connecting", { attempt });
      const link = new Link(this, attempt, this.totals.connections);
      this.link = link;
      const { connectTimeout } = this.options;
      this.#arm(connectTimeout, () => {
        const message = `Connecting to ${this.url || "the server"} took more than ${connectTimeout} ms`;
        link.lose(new ConnectTimeoutError(message, { phase: link.isAsking ? "url" : "unknown" }));
      });
      link.dial();
    });
  }

  // ── losing and retrying ───────────────────────────────────────────────────────────────────────────

  #judge(cause: DisconnectCause, end: LinkEnd, status: ClientState["status"]): void {
    const wasConnected = status === "connected";
    const loss: Loss = {
      cause,
      uptime: wasConnected ? this.clock.now() - this.#connectedAt : 0,
      bufferedAmount: end.bufferedAmount,
      wasConnected,
      floor: status === "handshaking" ? this.options.handshakeRetryDelay : 0,
    };
    this.#outage.begin();
    if (wasConnected) this.totals.lastDisconnect = { at: this.clock.now(), cause };
    if (this.options.sendQueue.whileDisconnected === "reject") {
      this.sender.clear("disconnected");
    }
    if (this.#isFirst && this.options.exitOnFirstFailure) return this.#giveUp(cause, loss);
    const judgement = ++this.#judgement;
    try {
      const verdict = this.#outage.isWorthRetrying(cause);
      if (!isThenable(verdict)) return this.#settle(verdict, loss);
      // Meanwhile the connection is gone already: waiting, for an answer first.
      const now = this.clock.now();
      this.#to({ type: "wait", attempt: this.#outage.retries + 1, delay: 0, until: now, cause });
      verdict.then(
        (answer) => this.#judgement === judgement && this.#settle(answer, loss),
        (error: StreamTungsteniteError) =>
          this.#judgement === judgement && this.#giveUp(error, loss),
      );
    } catch (error) {
      this.#giveUp(error as StreamTungsteniteError, loss);
    }
  }

  #settle(retry: boolean, loss: Loss): void {
    const { cause, uptime, floor } = loss;
    if (!retry) return this.#giveUp(cause, loss);
    let delay: number | null;
    try {
      delay = this.#outage.nextDelay(cause, uptime, floor);
    } catch (error) {
      return this.#giveUp(error as StreamTungsteniteError, loss);
    }
    const { retries: attempt, elapsed } = this.#outage;
    if (delay === null)
      return this.#giveUp(new RetriesExhaustedError(attempt, elapsed, { cause }), loss);
    const until = this.clock.now() + delay;
    const wait = delay;
    this.notifier.batch(() => {
      this.#to({ type: "wait", attempt, delay: wait, until, cause });
      this.#tellLoss(loss, true);
      this.notifier.tell("reconnectScheduled", { attempt, delay: wait, until, cause });
      this.#arm(wait, () => this.#dial(attempt), true);
    });
  }

  #tellLoss({ cause, uptime, bufferedAmount, wasConnected }: Loss, willRetry: boolean): void {
    if (wasConnected) {
      this.notifier.tell("disconnected", { cause, willRetry, uptime, bufferedAmount });
    } else if (willRetry) this.#tellError(cause);
  }

  #giveUp(cause: StreamTungsteniteError, loss: Loss | null): void {
    this.#countError(cause);
    this.#end(cause, { code: 1006, reason: "", wasClean: false }, loss);
  }

  // ── ending ────────────────────────────────────────────────────────────────────────────────────────

  #beginClosing(next: "idle" | "closed", timeout: number): void {
    this.notifier.batch(() => {
      this.#disarm();
      this.#to({ type: "close", next });
      // The peer's answer has to be heard.
      this.inflow.detach();
      this.#arm(timeout, () => this.link?.lose(null), true);
    });
  }

  /** The closing handshake is over, or its deadline. */
  #closed({ close, bufferedAmount }: LinkEnd): void {
    const { state } = this;
    const uptime = this.clock.now() - this.#connectedAt;
    const willRetry = this.#redial;
    const disconnected = { willRetry, uptime, bufferedAmount };
    this.totals.lastDisconnect = { at: this.clock.now(), cause: null };
    if (state.status === "closing" && state.next === "closed") {
      this.#end(null, close, null, disconnected);
      return;
    }
    this.#redial = false;
    if (this.options.sendQueue.whileDisconnected === "reject") {
      this.sender.clear("disconnected");
    }
    if (willRetry) this.#dial(0);
    else this.#to({ type: "rest" });
    this.notifier.tell("disconnected", disconnected);
    this.#host.rested();
  }

  /** The last act: everybody is told, everything is settled, nothing is left behind. */
  #end(
    cause: StreamTungsteniteError | null,
    close: CloseInfo,
    loss: Loss | null,
    disconnected?: ClientEvents["disconnected"],
  ): void {
    this.notifier.batch(() => {
      this.#disarm();
      this.#judgement++;
      this.#isTelling = true;
      this.#to({ type: "end", cause });
      if (disconnected) this.notifier.tell("disconnected", disconnected);
      if (loss) this.#tellLoss(loss, false);
      if (cause) this.notifier.tell("fatal", { error: cause });
      const undelivered = this.sender.clear("closed", this.#host.closedError());
      const settle = this.#host.closing(cause, close, undelivered);
      this.notifier.tell("closed", { cause });
      this.notifier.run(() => {
        this.plugins.tearDown();
        this.inflow.finish(cause);
        settle();
        this.#isTelling = false;
        if (this.#redial) {
          this.#redial = false;
          this.start();
        }
      });
    });
  }

  /** Ends what is under way without asking anybody. */
  #drop(): void {
    this.#disarm();
    this.#judgement++;
    const { link } = this;
    link?.lose(null);
  }

  #detach(link: Link, { close, bufferedAmount }: LinkEnd): void {
    this.#disarm();
    this.link = null;
    this.totals.messages += link.messages;
    this.totals.bytes += link.bytes;
    this.inflow.detach();
    this.pings.lose(close);
    this.sender.detach(close, bufferedAmount);
  }

  // ── small things ──────────────────────────────────────────────────────────────────────────────────

  #to(event: StateEvent): boolean {
    const from = this.state;
    const to = transition(from, event);
    if (to === from) return false;
    this.state = to;
    this.notifier.tell("state", { from, to });
    return true;
  }

  #tellError(error: StreamTungsteniteError): void {
    this.#countError(error);
    this.notifier.tell("error", { error, attempt: this.attempt });
  }

  #countError(error: StreamTungsteniteError): void {
    this.totals.errors++;
    this.totals.lastError = error;
  }

  /** The deadline of the state; 0 is none, unless it is meant. */
  #arm(delay: number, task: () => void, evenZero = false): void {
    if (delay > 0 || evenZero) this.#cancelDeadline = this.clock.schedule(delay, task);
  }

  #disarm(): void {
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
    this.#cancelStable?.();
    this.#cancelStable = undefined;
  }

  #awaitStability(): void {
    const { stableAfter } = this.options;
    if (stableAfter === 0) this.#outage.forget();
    else this.#cancelStable = this.clock.schedule(stableAfter, () => this.#outage.forget());
  }

  /**
   * Looks four times within `receiveTimeout` whether anything came, so that no message has to read the
   * clock and a timer that fires late, after a sleep, is only one of four.
   */
  #watchSilence(link: Link): void {
    const { receiveTimeout } = this.options;
    let seen = link.received;
    let silent = 0;
    const look = (): void => {
      silent = link.received === seen && !this.paused ? silent + 1 : 0;
      seen = link.received;
      if (silent < 4) return this.#arm(receiveTimeout / 4, look);
      const close = { code: 1006, reason: "", wasClean: false };
      link.lose(new IdleTimeoutError(close, `Nothing was received for ${receiveTimeout} ms`));
    };
    this.#arm(receiveTimeout / 4, look);
  }
}

/** A connection or a dial that failed, until it is settled what follows. */
interface Loss {
  readonly cause: DisconnectCause;
  readonly uptime: number;
  readonly bufferedAmount: number;
  readonly wasConnected: boolean;
  /** Least delay before the next attempt. */
  readonly floor: number;
}
