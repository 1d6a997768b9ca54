import { Cancel } from "./cancel.ts";
import type { WebSocketClient } from "./client.ts";
import { Claims } from "./claims.ts";
import type { Clock } from "./clock.ts";
import { ConnectError, ConnectionLostError } from "./errors.ts";
import type { DisconnectCause } from "./errors.ts";
import { Inbound } from "./inbound.ts";
import { byteLength } from "./message.ts";
import type { Message } from "./message.ts";
import type { Resolved } from "./options.ts";
import type { MessageContext } from "./plugin.ts";
import type { Fault, Plugins, With } from "./plugins.ts";
import { checkedTarget, provide } from "./provide.ts";
import { redactUrl } from "./redact.ts";
import type { Session } from "./session.ts";
import { Talks, handshakeCause } from "./talks.ts";
import type { CloseInfo, Connection, ConnectionListener, OpenInfo } from "./transport.ts";

/** How a connection ended. `cause` is null when the client wanted it. */
export interface LinkEnd {
  readonly cause: DisconnectCause | null;
  readonly close: CloseInfo;
  readonly bufferedAmount: number;
}

/** What a connection needs from the client. */
export interface LinkHost {
  readonly client: WebSocketClient;
  readonly clock: Clock;
  readonly options: Resolved;
  readonly plugins: Plugins;
  readonly fault: Fault;
  /** Receiving is paused by a slow reader. */
  readonly paused: boolean;
  resolved(url: string): void;
  opened(link: Link, info: OpenInfo): void;
  stepped(step: string): void;
  ready(link: Link): void;
  ended(link: Link, end: LinkEnd): void;
  deliver(message: Message): void;
  /** The backlog of asynchronous hooks; true when the oldest must go, since receiving cannot pause. */
  backlog(length: number): boolean;
  /** `bufferedAmount` fell below the high-water mark. */
  writable(): void;
  sendUrgent(message: Message): void;
  pong(payload: Uint8Array): void;
}

/**
 * One connection, from the dial to its end. Callbacks that come late, twice or from a socket that was
 * given up change nothing.
 *
 * ```text
 *  asking ─► dialing ─onOpen─► open ─handshakes─► ready ─► ended
 *     └─────────┴───────────────┴────── onClose, lose ──────▲
 * ```
 */
export class Link implements ConnectionListener {
  /** 0 until the socket is open. */
  id = 0;
  readonly attempt: number;
  readonly reconnects: number;
  readonly clock: Clock;
  protocol = "";
  /** Frames of any kind. */
  received = 0;
  messages = 0;
  bytes = 0;
  connection: Connection | null = null;
  readonly #host: LinkHost;
  #phase: "asking" | "dialing" | "open" | "ready" | "ended" = "asking";
  #url = "";
  readonly #cancel = new Cancel();
  #claims: Claims | undefined;
  #metadata: Map<string, unknown> | undefined;
  #inbound: Inbound | undefined;
  #contexts: { readonly application: MessageContext; readonly plugin: MessageContext } | undefined;
  #talks: Talks | undefined;
  /** Unclaimed messages go straight to the application. */
  #released = false;
  /** The client asked for the end. */
  #asked = false;
  /** The socket is gone; what arrived on it is still on its way. */
  #lost: ConnectionLostError | null = null;
  #cancelTimer: (() => void) | undefined;

  constructor(host: LinkHost, attempt: number, reconnects: number) {
    this.#host = host;
    this.clock = host.clock;
    this.attempt = attempt;
    this.reconnects = reconnects;
  }

  // ── for the sender and the plugins ────────────────────────────────────────────────────────────────

  /** What arrives counts. */
  get isOpen(): boolean {
    return (this.#phase === "open" || this.#phase === "ready") && this.#lost === null;
  }
  /** Messages can be handed to the transport. */
  get isWritable(): boolean {
    return this.isOpen && !this.#asked;
  }
  get isReady(): boolean {
    return this.#phase === "ready";
  }
  /** The transport has not been asked yet. */
  get isAsking(): boolean {
    return this.#phase === "asking";
  }
  get alive(): boolean {
    return this.#phase !== "ended";
  }
  get canPause(): boolean {
    return typeof this.connection?.pause === "function";
  }
  get canPing(): boolean {
    return typeof this.connection?.ping === "function";
  }
  get bufferedAmount(): number {
    return this.connection?.bufferedAmount ?? 0;
  }
  get claims(): Claims {
    return (this.#claims ??= new Claims());
  }
  get talks(): Talks {
    return (this.#talks ??= new Talks(this, this.clock));
  }
  get paused(): boolean {
    return this.#host.paused;
  }
  get onMessageHooks(): readonly With<"onMessage">[] {
    return this.#host.plugins.onMessage;
  }
  get context(): MessageContext {
    return this.isReady ? this.applicationContext : this.pluginContext;
  }
  get fault(): Fault {
    return this.#host.fault;
  }
  get metadata(): Map<string, unknown> {
    return (this.#metadata ??= new Map());
  }
  get applicationContext(): MessageContext {
    return this.#makeContexts().application;
  }
  get pluginContext(): MessageContext {
    return this.#makeContexts().plugin;
  }

  sendUrgent(message: Message): void {
    this.#host.sendUrgent(message);
  }

  stepped(session: Session): void {
    if (this.#phase === "open") this.#host.stepped(session.step);
  }

  // ── the dial ──────────────────────────────────────────────────────────────────────────────────────

  /** Asks for URL and subprotocols, then lets the transport open a socket. */
  dial(): void {
    const { target } = this.#host.options;
    if (target) this.#connect(target.url, target.protocols);
    else void this.#ask();
  }

  async #ask(): Promise<void> {
    const { url, protocols } = this.#host.options;
    const context = { attempt: this.attempt, signal: this.#cancel.signal };
    try {
      const target = checkedTarget(
        await provide(url, "url", "url", context),
        await provide(protocols, "protocols", "options", context),
      );
      if (this.alive) this.#connect(target.url, target.protocols);
    } catch (error) {
      this.lose(error as ConnectError);
    }
  }

  #connect(url: string, protocols: readonly string[]): void {
    const { options, plugins } = this.#host;
    const cancel = this.#cancel;
    this.#url = url;
    this.#host.resolved(url);
    const request = {
      url,
      protocols,
      noDelay: options.noDelay,
      highWaterMark: options.highWaterMark,
      attempt: this.attempt,
      get signal(): AbortSignal {
        return cancel.signal;
      },
    };
    try {
      this.connection = plugins.transport.connect(request, this);
    } catch (error) {
      return this.lose(this.#dialError({ ...abnormal, error }));
    }
    if (this.#phase === "asking") this.#phase = "dialing";
    // The transport reported the end before it returned; or somebody closed the client meanwhile.
    else this.#terminate();
  }

  // ── what the transport tells ──────────────────────────────────────────────────────────────────────

  onOpen(info: OpenInfo): void {
    if (this.#phase !== "dialing") return;
    this.#phase = "open";
    this.received++;
    this.protocol = info.protocol;
    this.#host.opened(this, info);
    if (this.#host.plugins.handshakes.length === 0) this.#becomeReady();
    else void this.#handshakes();
  }

  onMessage(message: Message, byteCount?: number): void {
    if (!this.isOpen) return;
    this.received++;
    this.messages++;
    this.bytes += byteCount ?? byteLength(message);
    if (this.#inbound === undefined) {
      if (this.#host.plugins.onMessage.length === 0) return this.deliver(message);
      this.#inbound = new Inbound(this);
    }
    this.#inbound.receive(message);
  }

  onDrain(): void {
    if (this.isOpen) this.#host.writable();
  }

  onPong(payload: Uint8Array): void {
    this.received++;
    if (this.isOpen) this.#host.pong(payload);
  }

  onActivity(): void {
    this.received++;
  }

  onClose(close: CloseInfo): void {
    if (!this.alive || this.#lost) return;
    if (this.#phase === "asking" || this.#phase === "dialing") {
      return this.#finish(this.#dialError(close), close, 0);
    }
    this.#lost = new ConnectionLostError(close);
    if (!this.#inbound) return this.#judge();
    // What arrived before the end is delivered before the end; a hook that stalls must not hold it up.
    this.#cancelTimer = this.clock.schedule(this.#host.options.closeTimeout, () => this.#judge());
    this.#inbound.whenIdle(() => this.#judge());
  }

  // ── what the client wants ─────────────────────────────────────────────────────────────────────────

  /** Starts the closing handshake. */
  close(code: number, reason: string): void {
    this.#asked = true;
    try {
      this.connection?.close(code, reason);
    } catch (error) {
      this.lose(lostBy(error));
    }
  }

  /** Drops the socket now, if it is still there. */
  lose(cause: DisconnectCause | null): void {
    if (!this.alive) return;
    const close =
      this.#lost?.close ?? (cause instanceof ConnectionLostError ? cause.close : abnormal);
    const { bufferedAmount } = this;
    const gone = this.#lost !== null;
    this.#phase = "ended";
    if (!gone) this.#terminate();
    this.#finish(this.#asked ? null : cause, close, bufferedAmount);
  }

  /** Hands what no step claimed to the application, and from now on everything. */
  release(): void {
    if (!this.isReady) return;
    const unclaimed = this.#claims?.unclaimed;
    // One by one: a listener may claim the next, or end all this.
    while (unclaimed && unclaimed.length > 0 && this.alive) {
      this.#host.deliver(unclaimed.shift() as Message);
    }
    this.#released = this.alive;
  }

  // ── handshakes ────────────────────────────────────────────────────────────────────────────────────

  async #handshakes(): Promise<void> {
    const { plugins, options } = this.#host;
    for (const { plugin, name } of plugins.handshakes) {
      this.#host.stepped(name);
      if (!this.alive) return;
      const timeout = plugin.handshakeTimeout ?? options.handshakeTimeout;
      try {
        await this.talks.converse(name, (session) => plugin.handshake(session), timeout);
      } catch (error) {
        this.lose(handshakeCause(error, name));
      }
      // The step may have swallowed the loss that it was told of.
      if (this.#lost) this.lose(this.#lost);
      if (!this.alive) return;
    }
    this.#becomeReady();
  }

  #becomeReady(): void {
    this.#phase = "ready";
    this.#host.ready(this);
  }

  // ── what arrives ──────────────────────────────────────────────────────────────────────────────────

  /** Called with what passed every `onMessage`. */
  deliver(message: Message): void {
    if (!this.alive) return;
    if (this.#claims !== undefined && this.#claims.length > 0 && this.#claims.offer(message)) {
      if (this.#released) this.#settle();
    } else if (this.#released) this.#host.deliver(message);
    else {
      this.claims.unclaimed.push(message);
      if (this.#phase === "open") this.#boundUnclaimed();
    }
  }

  /**
   * The exchange whose message this was wants to go on before the next message is looked at: the server
   * may have sent two answers at once. Its code runs some promise turns later.
   */
  #settle(): void {
    this.#released = false;
    void turns(settlingTurns).then(() => this.release());
  }

  backlog(length: number): void {
    if (this.#phase === "open") this.#boundUnclaimed();
    else if (this.#host.backlog(length)) this.#inbound?.discardOldest();
  }

  #boundUnclaimed(): void {
    const { receiveBuffer } = this.#host.options;
    const waiting = (this.#inbound?.length ?? 0) + this.claims.unclaimed.length;
    if (waiting <= receiveBuffer) return;
    const error = new Error(
      `More than ${receiveBuffer} messages arrived before the handshakes were done`,
    );
    this.lose(lostBy(error));
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────────

  /** Lets a handshake step judge the close, if one is waiting; otherwise the end is now. */
  #judge(): void {
    const lost = this.#lost as ConnectionLostError;
    if (!this.alive || (this.#talks?.end(lost) && this.#phase === "open")) return;
    this.lose(lost);
  }

  #finish(cause: DisconnectCause | null, close: CloseInfo, bufferedAmount: number): void {
    this.#phase = "ended";
    this.#cancelTimer?.();
    const reason = cause ?? new ConnectionLostError(close);
    this.#cancel.abort(reason);
    const lost = reason instanceof ConnectionLostError ? reason : new ConnectionLostError(close);
    const talks = this.#talks;
    // Exchanges that wait for a message may judge the close too, but have no time for more.
    if (talks?.end(lost))
      void (cause ? turns(settlingTurns) : turns(0)).then(() => talks.abort(lost));
    this.#host.ended(this, { cause, close, bufferedAmount });
  }

  #terminate(): void {
    try {
      this.connection?.terminate();
    } catch (error) {
      this.#host.fault(
        { plugin: this.#host.plugins.transport, name: this.#host.plugins.transport.name },
        "terminate",
        error,
      );
    }
  }

  #dialError(close: CloseInfo): ConnectError {
    const { error } = close;
    if (error instanceof ConnectError) return error;
    const detail = error instanceof Error ? error.message : `close code ${close.code}`;
    return new ConnectError(`Connecting to ${redactUrl(this.#url)} failed: ${detail}`, {
      phase: "unknown",
      cause: error,
      retryable: (error as { retryable?: unknown } | undefined)?.retryable !== false,
    });
  }

  #makeContexts(): { readonly application: MessageContext; readonly plugin: MessageContext } {
    return (this.#contexts ??= {
      application: new Context(this, this.#host.client, "application"),
      plugin: new Context(this, this.#host.client, "plugin"),
    });
  }
}

class Context implements MessageContext {
  readonly client: WebSocketClient;
  readonly origin: "application" | "plugin";
  readonly #link: Link;

  constructor(link: Link, client: WebSocketClient, origin: "application" | "plugin") {
    this.#link = link;
    this.client = client;
    this.origin = origin;
  }

  get connectionId(): number {
    return this.#link.id;
  }
  get metadata(): Map<string, unknown> {
    return this.#link.metadata;
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await null;
}

const abnormal: CloseInfo = { code: 1006, reason: "", wasClean: false };
const lostBy = (error: unknown): ConnectionLostError =>
  new ConnectionLostError({ ...abnormal, error });
/** Promise turns an exchange may need to reach its next `receive`, helper functions in between included. */
const settlingTurns = 12;
