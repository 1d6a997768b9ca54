import { Claims } from "./claims.ts";
import type { Clock } from "./clock.ts";
import { askTarget, dialError } from "./dial.ts";
import type { Ear } from "./ear.ts";
import { ConnectionLostError } from "./errors.ts";
import type { ConnectPhase, DisconnectCause } from "./errors.ts";
import { handshakeCause } from "./handshake-cause.ts";
import { Inbound } from "./inbound.ts";
import type { LinkHost } from "./link-host.ts";
import { LinkContext } from "./message-context.ts";
import { byteLength } from "./message.ts";
import type { Message } from "./message.ts";
import { settled } from "./settled.ts";
import { Talks } from "./talks.ts";
import { abnormal } from "./transport.ts";
import type { CloseInfo, Connection, ConnectionListener, OpenInfo } from "./transport.ts";

export type { LinkEnd, LinkHost } from "./link-host.ts";

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
  readonly host: LinkHost;
  readonly attempt: number;
  /** How often the client was connected before. */
  readonly reconnects: number;
  protocol = "";
  /** Frames of any kind. */
  received = 0;
  connection: Connection | null = null;
  // Each of these is made when it is first needed: most connections are idle.
  #metadata: Map<string, unknown> | null = null;
  #applicationContext: LinkContext | null = null;
  #pluginContext: LinkContext | null = null;
  #claims: Claims | null = null;
  #talks: Talks | null = null;
  #inbound: Inbound | null = null;
  /** Until the attempt has succeeded: then nobody awaits anything, and nothing is left to abort. */
  #attempting: AbortController | null = new AbortController();
  #phase: "asking" | "dialing" | "open" | "ready" | "ended" = "asking";
  #url = "";
  /** What nobody claims is the application's. */
  #isReleased = false;
  /** The client asked for the end. */
  #asked = false;
  /** The socket is gone; what arrived on it is still on its way, or a step judges the close. */
  #lost: ConnectionLostError | null = null;
  #cancelTimer: (() => void) | undefined;
  /** Those told of the next frame, each once. */
  #ears: Ear[] | null = null;

  constructor(host: LinkHost, attempt: number) {
    this.host = host;
    this.attempt = attempt;
    this.reconnects = host.totals.connectionCount;
  }

  // ── for the sender and the plugins ────────────────────────────────────────────────────────────────

  /** What arrives counts. */
  get isOpen(): boolean {
    return (this.#phase === "open" || this.isReady) && this.#lost === null;
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
  /** How far the dial has come. */
  get dialPhase(): ConnectPhase {
    if (this.isAsking) return "url";
    try {
      return this.connection?.phase ?? "unknown";
    } catch {
      // It must not keep the deadline from being kept.
      return "unknown";
    }
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
  /** A connection whose transport cannot tell is lost; Infinity, so that nothing is sent on it any more. */
  get bufferedAmount(): number {
    try {
      return this.connection?.bufferedAmount ?? 0;
    } catch (error) {
      if (this.alive) {
        this.break(error);
        return Infinity;
      }
      // It must not keep the connection from ending.
      this.host.fault(this.host.plugins.transport, "bufferedAmount", error);
      return 0;
    }
  }
  get paused(): boolean {
    return this.host.paused;
  }
  get clock(): Clock {
    return this.host.clock;
  }
  get metadata(): Map<string, unknown> {
    return (this.#metadata ??= new Map());
  }
  get applicationContext(): LinkContext {
    return (this.#applicationContext ??= new LinkContext(this, "application"));
  }
  get pluginContext(): LinkContext {
    return (this.#pluginContext ??= new LinkContext(this, "plugin"));
  }
  get claims(): Claims {
    return (this.#claims ??= new Claims(this.host.inflow, this.#isReleased));
  }
  get talks(): Talks {
    return (this.#talks ??= new Talks(this));
  }
  get context(): LinkContext {
    return this.isReady ? this.applicationContext : this.pluginContext;
  }

  /** Tells `ear` once, when the next frame has been dealt with and the connection is still open. */
  tellNextFrame(ear: Ear): void {
    if (!this.isOpen || this.#ears?.includes(ear)) return;
    if (this.#ears) this.#ears.push(ear);
    else this.#ears = [ear];
  }

  /** A handshake is at that step; exchanges on a live connection have no place in the state. */
  stepped(step: string): void {
    if (this.#phase === "open") this.host.stepped(this, step);
  }

  // ── the dial ──────────────────────────────────────────────────────────────────────────────────────

  /** Asks for URL and subprotocols, then lets the transport open a socket. */
  dial(): void {
    const { options } = this.host;
    const { signal } = this.#attempting!;
    const { target } = options;
    if (target !== null) {
      return this.#connect(target, options.protocols as readonly string[], signal);
    }
    askTarget(options, { attempt: this.attempt, signal }).then(
      ({ url, protocols }) => this.alive && this.#connect(url, protocols, signal),
      (error: DisconnectCause) => this.lose(error),
    );
  }

  #connect(url: string, protocols: readonly string[], signal: AbortSignal): void {
    const { host, attempt } = this;
    const { noDelay, highWaterMark } = host.options;
    this.#url = url;
    host.resolved(url);
    try {
      this.connection = host.plugins.transport.plugin.connect(
        { url, protocols, noDelay, highWaterMark, attempt, signal },
        this,
      );
    } catch (error) {
      return this.onClose({ ...abnormal, error });
    }
    if (this.isAsking) this.#phase = "dialing";
    // The transport told the end before it returned; or somebody closed the client meanwhile.
    else this.#terminate();
  }

  // ── what the transport tells ──────────────────────────────────────────────────────────────────────

  onOpen(info: OpenInfo): void {
    if (this.#phase !== "dialing") return;
    this.#phase = "open";
    this.received++;
    this.protocol = info.protocol;
    this.host.opened(this, info);
    // A listener of `open` may have ended it.
    if (!this.alive) return;
    if (this.host.plugins.handshakes.length > 0) void this.#handshakes();
    else this.#becomeReady();
  }

  onMessage(message: Message, byteCount?: number): void {
    if (!this.isOpen) return;
    this.received++;
    const { totals } = this.host;
    totals.messagesReceived++;
    totals.bytesReceived += byteCount ?? byteLength(message);
    this.#inbound ??= new Inbound(this);
    this.#inbound.receive(message);
    this.#arrived();
  }

  onDrain(): void {
    if (this.isOpen) this.host.sender.pump();
  }

  onPong(payload: Uint8Array): void {
    this.received++;
    if (this.isOpen) this.host.pings.pong(payload);
    this.#arrived();
  }

  onActivity(): void {
    this.received++;
    this.#arrived();
  }

  onClose(close: CloseInfo): void {
    if (!this.alive || this.#lost) return;
    const isDial = !this.isOpen;
    this.#lost = new ConnectionLostError(close);
    if (isDial) return this.lose(dialError(this.#url, close));
    // What arrived before the end is delivered before the end, and a step that was just given a refusal has
    // its turn to say so, in an exchange too; a hook that stalls must not hold it up.
    const judge = (): void => {
      if (this.isReady && !this.#talks?.areUnderWay) this.#judge();
      else void settled().then(() => this.alive && this.#judge());
    };
    if (!this.#inbound?.isBusy) return judge();
    this.#cancelTimer = this.clock.schedule(this.host.options.closeTimeout, judge);
    this.#inbound.onIdle = judge;
  }

  // ── what the client wants ─────────────────────────────────────────────────────────────────────────

  /** Starts the closing handshake. */
  close(code: number, reason: string): void {
    const { isOpen } = this;
    this.#asked = true;
    try {
      // The socket may be gone while what arrived on it is still on its way.
      if (isOpen) this.connection!.close(code, reason);
    } catch (error) {
      this.break(error);
    }
  }

  /** It broke, for that reason. */
  break(error: unknown): void {
    this.lose(new ConnectionLostError({ ...abnormal, error }));
  }

  /** Drops the socket now, if it is still there. */
  lose(cause: DisconnectCause | null): void {
    if (this.#isReleased) this.#claims?.release();
    // A listener may have been faster.
    if (!this.alive) return;
    this.#phase = "ended";
    this.#cancelTimer?.();
    const { bufferedAmount } = this;
    if (!this.#lost) this.#terminate();
    const isLoss = cause instanceof ConnectionLostError;
    const lost = this.#lost ?? (isLoss ? cause : new ConnectionLostError(abnormal));
    this.#attempting?.abort(cause ?? lost);
    // Exchanges that wait for a message may judge the close too, but have no time for more.
    if (this.#talks?.end(lost)) void settled().then(() => this.talks.abort(lost));
    const { close } = lost;
    this.host.ended(this, { cause: this.#asked ? null : cause, close, bufferedAmount });
  }

  /** Hands what no step claimed to the application, and from now on everything. */
  release(): void {
    if (!this.isReady) return;
    this.#isReleased = true;
    this.#claims?.release();
  }

  async #handshakes(): Promise<void> {
    const { plugins, options } = this.host;
    for (const { plugin, name } of plugins.handshakes) {
      this.stepped(name);
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

  #arrived(): void {
    const ears = this.#ears;
    if (ears === null) return;
    this.#ears = null;
    // Whoever is told may end the connection.
    for (let i = 0; i < ears.length; i++) if (this.isOpen) ears[i]!.heard();
  }

  #becomeReady(): void {
    this.#phase = "ready";
    this.host.ready(this);
    this.#attempting = null;
  }

  // ── the end ───────────────────────────────────────────────────────────────────────────────────────

  /** Lets a handshake step judge the close, if one is waiting; otherwise the end is now. */
  #judge(): void {
    this.#cancelTimer?.();
    const lost = this.#lost!;
    if (this.isReady || !this.#talks?.end(lost)) this.lose(lost);
  }

  #terminate(): void {
    const { host } = this;
    try {
      this.connection?.terminate();
    } catch (error) {
      host.fault(host.plugins.transport, "terminate", error);
    }
  }
}
