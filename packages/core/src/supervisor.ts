import type { WebSocketClient } from "./client.ts";
import { ConnectTimeoutError } from "./errors.ts";
import type { DisconnectCause, StreamTungsteniteError } from "./errors.ts";
import type { LinkEnd, LinkHost } from "./link-host.ts";
import { lightError } from "./light-error.ts";
import { Link } from "./link.ts";
import { transition } from "./machine.ts";
import type { ClientState } from "./machine.ts";
import type { ClientOptions } from "./options.ts";
import { Outage } from "./outage.ts";
import { Parts } from "./parts.ts";
import type { PluginContext } from "./plugin.ts";
import { Context } from "./plugin-context.ts";
import type { ContextHost, Entry } from "./plugins.ts";
import { watchSilence } from "./silence.ts";

/** What the supervisor tells the client that it works for, before anybody else hears of it. */
export interface SupervisorHost {
  connected(): void;
  /**
   * Back to `idle`, or dialling anew after a closing handshake that the application asked for; `willDial`
   * also when it is idle, but not for good.
   */
  rested(willDial: boolean): void;
  /** Whether by `close()` or by giving up. */
  closed(client: Parts, wasClean: boolean, undelivered: number): void;
}

/**
 * Keeps the client connected: dials, arms the one deadline of each state, judges losses, waits and dials
 * again. What is allowed where says the machine; the promises of the verbs are the client's.
 */
export class Supervisor extends Parts implements LinkHost, ContextHost {
  readonly #host: SupervisorHost;
  /** Tells of the last connection or dial that ended, as soon as it is clear what follows. */
  #untold: ((willRetry: boolean) => void) | null = null;
  /** In `closing` or `idle`, but not for good: those who wait for a connection go on waiting. */
  #isSuspended = false;
  /** After `closing`, or once everybody was told of `closed`: dial. */
  #redial = false;
  /** `close()` was called: nothing dials any more. */
  #isOver = false;
  /** No dial has succeeded since it was asked for. */
  #isFirst = true;
  /** The last connection. Its time is not kept beside it: a number of that size is an object. */
  #connected: { readonly since: number } | null = null;
  #cancelDeadline: (() => void) | undefined;

  /** @throws ConfigurationError with every fault of the options and of the plugin list */
  constructor(client: WebSocketClient, options: ClientOptions, host: SupervisorHost) {
    super(client, options);
    this.#host = host;
  }

  // ── verbs ─────────────────────────────────────────────────────────────────────────────────────────

  /** Dials unless something is under way already. */
  start(): void {
    const { status } = this.state;
    if (this.#isOver) return;
    if (this.isEnding || status === "closing") this.#redial = true;
    else if (status === "idle" || status === "closed") {
      this.#redial = false;
      this.#isFirst ||= !this.#isSuspended;
      try {
        this.plugins.setUp(this);
      } catch (error) {
        // A `setup` before that one may have dialled.
        this.link?.lose(null);
        return this.#giveUp(error as StreamTungsteniteError);
      }
      // A `setup` may have started, or closed, the client itself.
      if (this.state.status === status && !this.#isOver) this.#dial(0);
    }
  }

  /** Forgets the outage; dials now unless an attempt is under way. */
  restart(reason: string): void {
    this.outage?.forget();
    const { status } = this.state;
    if (status === "waiting") return this.#dial(0);
    // Together: what a listener of the closing wants comes later, and counts.
    this.notifier.batch(() => {
      if (status === "connected") this.leave(1000, reason, this.options.closeTimeout);
      this.start();
    });
  }

  /** Graceful, back to `idle`; for good unless suspended. */
  leave(code: number, reason: string, timeout: number, isSuspended: boolean = false): void {
    const { link } = this;
    const { status } = this.state;
    this.#isSuspended = isSuspended;
    this.#redial = false;
    if (status === "connected") this.#close("idle", timeout);
    // While a loss is judged there is nothing to close any more.
    if (status === "connected" && link) link.close(code, reason);
    else if (status !== "closing") this.#rest();
  }

  /** Leaves, unless there is nothing to leave. What it returns dials again, unless somebody was faster. */
  suspend(): () => void {
    const { status } = this.state;
    if (status === "closing" ? this.#redial : status !== "idle" && status !== "closed") {
      this.leave(1000, "", this.options.closeTimeout, true);
    }
    return () => {
      if (!this.#isSuspended) return;
      this.start();
      // The peer had its time to answer.
      if (this.#redial) this.link?.lose(null);
    };
  }

  /** Flushes, closes and never dials again. */
  shutDown(code: number, reason: string, timeout: number): void {
    const { link } = this;
    const { status } = this.state;
    this.#isOver = true;
    if (status === "closed") {
      // A `setup` that closes the client as it starts afresh.
      if (!this.isEnding) this.plugins.tearDown();
      return;
    }
    this.notifier.batch(() => {
      this.notifier.tell("shutdown", {});
      if (link && (status === "connected" || status === "closing")) {
        this.#close("closed", timeout);
        if (status === "connected") this.sender.whenEmpty(() => link.close(code, reason));
      } else {
        link?.lose(null);
        this.#end(null, link === null);
      }
    });
  }

  /** What the `setup` of that plugin is given. */
  pluginContext(entry: Entry): PluginContext {
    return new Context(this, entry);
  }

  // ── what a connection tells ───────────────────────────────────────────────────────────────────────

  stepped({ attempt }: Link, step: string): void {
    this.#to({ status: "handshaking", attempt, step });
  }

  ready(link: Link): void {
    this.notifier.batch(() => {
      this.startSending();
      // A transport that refuses the first message has ended the connection by now.
      if (this.link !== link) return;
      const { id, attempt, reconnects } = link;
      this.totals.connectionCount++;
      this.#isFirst = false;
      this.#to({ status: "connected", id, since: this.clock.now() });
      this.#connected = this.state as { readonly since: number };
      this.notifier.tell("connected", { id, attempt, reconnects });
      this.receiving?.attach(link);
      watchSilence(link, this.options.receiveTimeout, (delay, task) => this.#arm(delay, task));
      this.#host.connected();
      this.notifier.run(() => link.release());
    });
  }

  ended(link: Link, { cause, close, bufferedAmount }: LinkEnd): void {
    lightError(cause);
    this.notifier.batch(() => {
      const { state, totals, notifier } = this;
      const { attempt } = link;
      const isClosing = state.status === "closing";
      const wasConnected = isClosing || state.status === "connected";
      const at = this.clock.now();
      const uptime = wasConnected ? at - this.#connected!.since : 0;
      this.detach(link, close, bufferedAmount);
      if (wasConnected) {
        const given = isClosing ? null : cause;
        const why = given ? { cause: given } : {};
        totals.lastDisconnect = { at, cause: given };
        // A flapping server never gets there.
        if (uptime >= this.options.stableAfter) this.outage?.forget();
        this.#untold = (willRetry) =>
          notifier.tell("disconnected", { ...why, willRetry, uptime, bufferedAmount });
      } else if (cause && cause !== totals.lastError) {
        // A hook's fault was told already.
        this.#untold = (willRetry) => willRetry && this.report(cause, attempt);
      }
      if (isClosing && state.next === "closed") return this.#end(null, close.wasClean);
      if (this.options.sendQueue.whileDisconnected === "reject") this.sender.clear("disconnected");
      if (!isClosing) {
        // Whoever drops a connection that is not wanted any more knows himself what follows.
        const floor = state.status === "handshaking" ? this.options.handshakeRetryDelay : 0;
        if (cause) this.#judge(cause, uptime, floor);
      } else if (this.#redial) {
        this.#dial(0);
        this.#host.rested(true);
      } else this.#rest();
    });
  }

  // ── dialling, losing, waiting ─────────────────────────────────────────────────────────────────────

  #dial(attempt: number): void {
    this.notifier.batch(() => {
      const { connectTimeout } = this.options;
      const link = new Link(this, attempt);
      if (attempt === 0) this.outage?.forget();
      this.#redial = this.#isSuspended = false;
      this.link = link;
      this.#to({ status: "connecting", attempt }, true);
      this.notifier.tell("connecting", { attempt });
      this.#arm(connectTimeout, () => {
        const message = `Connecting to ${this.url || "the server"} took more than ${connectTimeout} ms`;
        link.lose(new ConnectTimeoutError(message, { phase: link.dialPhase }));
      });
      link.dial();
    });
  }

  #judge(cause: DisconnectCause, uptime: number, floor: number): void {
    const outage = (this.outage ??= new Outage(this));
    outage.begin();
    if (this.#isFirst && this.options.exitOnFirstFailure) return this.#giveUp(cause);
    let { state } = this;
    const cancel = outage.judge(
      { cause, uptime, floor },
      // A hook that was asked may have closed the client, or dialled: then its answer does not count.
      (delay) => (state === this.state ? this.#wait(delay, cause) : outage.forget()),
      (error) => state === this.state && this.#giveUp(error),
    );
    if (!cancel || state !== this.state) return cancel?.();
    // The connection is gone all the same: waiting, for an answer first.
    const attempt = outage.retries + 1;
    this.#to({ status: "waiting", attempt, delay: 0, until: this.clock.now(), cause });
    ({ state } = this);
    this.#cancelDeadline = cancel;
  }

  #wait(delay: number, cause: DisconnectCause): void {
    this.notifier.batch(() => {
      const attempt = this.retries;
      const next = { attempt, delay, until: this.clock.now() + delay, cause };
      this.#to({ status: "waiting", ...next }, true);
      this.notifier.tell("reconnectScheduled", next);
      this.#arm(delay, () => this.#dial(attempt), true);
    });
  }

  // ── ending ────────────────────────────────────────────────────────────────────────────────────────

  #close(next: "idle" | "closed", timeout: number): void {
    this.notifier.batch(() => {
      this.#to({ status: "closing", next });
      // The peer's answer has to be heard.
      this.receiving?.detach();
      this.#arm(timeout, () => this.link?.lose(null), true);
    });
  }

  #rest(): void {
    this.notifier.batch(() => {
      this.link?.lose(null);
      this.#to({ status: "idle" }, this.#isSuspended);
      this.#host.rested(this.#isSuspended);
    });
  }

  #giveUp(cause: StreamTungsteniteError): void {
    this.failed(cause);
    this.#end(cause, false);
  }

  /** The last act: everybody is told, everything is settled, nothing is left behind. */
  #end(cause: StreamTungsteniteError | null, wasClean: boolean): void {
    const { notifier } = this;
    notifier.batch(() => {
      this.isEnding = true;
      this.#to({ status: "closed", cause }, false);
      if (cause) notifier.tell("fatal", { error: cause });
      this.#host.closed(this, wasClean, this.sender.clear("closed", this.closedError));
      this.receiving?.finish(cause);
      // Behind what was told so far, and what observers may have made of it: `closed` is last.
      notifier.run(() => {
        // Plugins that listen from `setup` to teardown hear of it, too.
        const listeners = notifier.listeners("closed");
        this.plugins.tearDown();
        notifier.tell("closed", { cause }, false, listeners);
        this.isEnding = false;
        if (this.#redial) this.start();
      });
    });
  }

  // ── small things ──────────────────────────────────────────────────────────────────────────────────

  /** Moves on; `willRetry` is for whoever has yet to be told of the last connection. */
  #to(wanted: ClientState, willRetry?: boolean): void {
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
    const from = this.state;
    const to = transition(from, wanted);
    if (to !== from) {
      this.state = to;
      this.notifier.tell("state", { from, to });
    }
    if (willRetry === undefined) return;
    this.#untold?.(willRetry);
    this.#untold = null;
  }

  /** The deadline of the state; 0 is none, unless it is meant. */
  #arm(delay: number, task: () => void, evenZero = false): void {
    if (delay > 0 || evenZero) this.#cancelDeadline = this.clock.schedule(delay, task);
  }
}
