import type {
  CloseOptions,
  MessagesOptions,
  Snapshot,
  Waiting,
  WebSocketClient,
} from "./client.ts";
import { closeArguments } from "./close-arguments.ts";
import {
  AlreadyRunningError,
  ClientClosedError,
  ConfigurationError,
  NotConnectedError,
  TimeoutError,
} from "./errors.ts";
import type { StreamTungsteniteError } from "./errors.ts";
import { eventStream } from "./event-stream.ts";
import type { ClientEvent, ClientEvents } from "./events.ts";
import type { ClientState } from "./machine.ts";
import { toMessage } from "./message.ts";
import type { Message } from "./message.ts";
import type { ClientOptions } from "./options.ts";
import { Pending } from "./pending.ts";
import { Context } from "./plugin-context.ts";
import type { Extension, Handshake, PluginContext } from "./plugin.ts";
import type { Entry } from "./plugins.ts";
import { Supervisor } from "./supervisor.ts";
import type { SupervisorHost } from "./supervisor.ts";
import type { CloseInfo } from "./transport.ts";

/**
 * A client that stays connected. It dials when told to, by `connect()` or `run()`.
 *
 * @throws ConfigurationError that lists every fault of the options and of the plugin list
 */
export function createClient(options: ClientOptions): WebSocketClient {
  return new Client(options);
}

type Closed = Awaited<ReturnType<WebSocketClient["close"]>>;

/** The verbs: what each of them waits for, and how it ends. The work is the supervisor's. */
class Client implements WebSocketClient, SupervisorHost {
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly #supervisor: Supervisor;
  /** `connect` calls under way. */
  #connecting = new Set<Pending<void>>();
  #ready = new Set<Pending<void>>();
  #disconnecting = new Set<Pending<void>>();
  #once = new Set<Pending<never>>();
  #running: Pending<void> | null = null;
  #closing: Pending<Closed> | null = null;
  /** `close()` was called, or the client gave up. */
  #isClosed = false;
  /** Only `connect` calls want the effort under way: the last one to be aborted takes it along. */
  #isRevocable = false;

  constructor(options: ClientOptions) {
    this.#supervisor = new Supervisor(this, options);
  }

  get client(): WebSocketClient {
    return this;
  }
  get url(): string {
    return this.#supervisor.url;
  }
  get state(): ClientState {
    return this.#supervisor.state;
  }
  get isConnected(): boolean {
    return this.#supervisor.state.status === "connected";
  }
  get bufferedAmount(): number {
    const { sender, link } = this.#supervisor;
    return sender.bytes + (link?.bufferedAmount ?? 0);
  }

  snapshot(): Snapshot {
    const { state, link, totals, sender, clock } = this.#supervisor;
    const isConnected = state.status === "connected";
    return {
      status: state.status,
      url: this.url,
      connectionId: isConnected ? state.id : null,
      connectionCount: totals.connections,
      reconnectCount: Math.max(0, totals.connections - 1),
      errorCount: totals.errors,
      connectedFor: isConnected ? clock.now() - state.since : null,
      lastDisconnect: totals.lastDisconnect,
      lastError: totals.lastError,
      messagesReceived: totals.messages + (link?.messages ?? 0),
      messagesSent: sender.sent,
      bytesReceived: totals.bytes + (link?.bytes ?? 0),
      bytesSent: sender.sentBytes,
      queued: sender.length,
      queuedBytes: sender.bytes,
      bufferedAmount: this.bufferedAmount,
    };
  }

  connect({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const pending: Pending<void> = new Pending(
      this.#supervisor.clock,
      { signal },
      undefined,
      () => {
        this.#connecting.delete(pending);
        if (this.#connecting.size === 0 && this.#isRevocable) this.#supervisor.rest();
      },
    );
    if (this.#closing) pending.reject(this.closedError());
    else if (this.isConnected) pending.resolve();
    else if (!pending.settled) {
      this.#connecting.add(pending);
      this.#start(true);
    }
    return pending.quiet().promise;
  }

  ready(waiting: Waiting = {}): Promise<void> {
    const pending: Pending<void> = new Pending(
      this.#supervisor.clock,
      waiting,
      (timeout) => new TimeoutError(`Not connected within ${timeout} ms`),
      () => this.#ready.delete(pending),
    );
    if (this.#isClosed) pending.reject(this.#supervisor.causeOfEnd ?? this.closedError());
    else if (this.isConnected) pending.resolve();
    else if (!pending.settled) this.#ready.add(pending);
    return pending.quiet().promise;
  }

  run({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const pending: Pending<void> = new Pending(this.#supervisor.clock);
    if (this.#running) pending.reject(new AlreadyRunningError());
    else if (this.#closing) pending.reject(this.closedError());
    else {
      this.#running = pending;
      const stop = (): void => void this.close();
      if (signal?.aborted) stop();
      else {
        signal?.addEventListener("abort", stop);
        this.#start(false);
      }
      const forget = (): void => signal?.removeEventListener("abort", stop);
      pending.promise.then(forget, forget);
    }
    return pending.quiet().promise;
  }

  reconnect(reason = ""): void {
    const checked = closeArguments({ reason }, 0);
    if (this.#closing) throw this.closedError();
    this.#isClosed = false;
    this.#isRevocable = false;
    this.#supervisor.restart(checked.reason);
  }

  disconnect(options: CloseOptions = {}): Promise<void> {
    const { closeTimeout } = this.#supervisor.options;
    const { code, reason, timeout } = closeArguments(options, closeTimeout);
    const pending: Pending<void> = new Pending(this.#supervisor.clock);
    if (this.#isClosed) pending.reject(this.closedError());
    else if (this.state.status === "idle") pending.resolve();
    else {
      this.#disconnecting.add(pending);
      this.#supervisor.leave(code, reason, timeout);
    }
    return pending.promise;
  }

  close(options: CloseOptions = {}): Promise<Closed> {
    const { closeTimeout } = this.#supervisor.options;
    const { code, reason, timeout } = closeArguments(options, closeTimeout);
    if (!this.#closing) {
      this.#closing = new Pending<Closed>(this.#supervisor.clock);
      const gaveUp = this.#isClosed;
      this.#isClosed = true;
      this.#supervisor.shutDown(code, reason, timeout);
      if (gaveUp) this.#closing.resolve({ wasClean: false, undelivered: 0 });
    }
    return this.#closing.promise;
  }

  readonly send: WebSocketClient["send"] = (message, options) => {
    const given = toMessage(message);
    if (this.#isClosed) throw this.closedError();
    return this.#supervisor.sender.send(given, options && maxAgeOf(options));
  };

  readonly sendAsync: WebSocketClient["sendAsync"] = async (message, options) => {
    const given = toMessage(message);
    if (this.#isClosed) throw this.closedError();
    return this.#supervisor.sender.sendAsync(given, options && maxAgeOf(options), options);
  };

  readonly ping: WebSocketClient["ping"] = async (payload, waiting) => {
    if (this.#isClosed) throw this.closedError();
    return this.#supervisor.pings.ping(this.#supervisor.readyLink, payload, waiting);
  };

  async flush(waiting?: Waiting): Promise<void> {
    if (this.#isClosed) throw this.closedError();
    return this.#supervisor.sender.flush(waiting);
  }

  messages(options: MessagesOptions = {}): AsyncIterableIterator<Message> {
    const reader = this.#supervisor.inflow.open(options);
    if (this.state.status === "closed") reader.finish(this.state.cause);
    return reader;
  }

  events({
    signal,
  }: { readonly signal?: AbortSignal | undefined } = {}): AsyncIterableIterator<ClientEvent> {
    return eventStream(this.#supervisor.notifier, this.state.status === "closed", signal);
  }

  on<K extends keyof ClientEvents>(
    event: K,
    listener: (payload: ClientEvents[K]) => void,
  ): () => void {
    if (typeof listener !== "function")
      throw new TypeError(`The listener of '${event}' is a function`);
    return this.#supervisor.notifier.on(event, listener);
  }

  once<K extends keyof ClientEvents>(event: K, waiting: Waiting = {}): Promise<ClientEvents[K]> {
    const leave = (): void => {
      off();
      this.#once.delete(pending as Pending<never>);
    };
    const pending: Pending<ClientEvents[K]> = new Pending(
      this.#supervisor.clock,
      waiting,
      (timeout) => new TimeoutError(`No '${event}' within ${timeout} ms`),
      () => leave(),
    );
    const off = this.on(event, (payload) => {
      leave();
      pending.resolve(payload);
    });
    if (this.state.status === "closed") pending.reject(this.closedError());
    if (pending.settled) off();
    else this.#once.add(pending as Pending<never>);
    return pending.quiet().promise;
  }

  use(plugin: Extension | Handshake): () => void {
    if (this.#closing) throw this.closedError();
    return this.#supervisor.plugins.use(plugin);
  }

  // ── what the supervisor tells ─────────────────────────────────────────────────────────────────────

  contextOf(entry: Entry): PluginContext {
    return new Context(this.#supervisor, entry);
  }

  connected(): void {
    this.#isRevocable = false;
    settle(this.#connecting);
    settle(this.#ready);
  }

  rested(): void {
    settle(this.#disconnecting);
    if (this.state.status === "idle") {
      settle(
        this.#connecting,
        new NotConnectedError("The client was disconnected before it was connected"),
      );
    }
  }

  closing(cause: StreamTungsteniteError | null, close: CloseInfo, undelivered: number): () => void {
    const connecting = this.#connecting;
    const ready = this.#ready;
    const once = this.#once;
    const running = this.#running;
    // Who calls from now on speaks of another life of the client.
    this.#connecting = new Set();
    this.#ready = new Set();
    this.#once = new Set();
    this.#running = null;
    this.#isClosed = true;
    const error = this.closedError();
    return () => {
      settle(connecting, cause ?? error);
      settle(ready, cause ?? error);
      settle(once, error);
      settle(this.#disconnecting);
      if (cause) running?.reject(cause);
      else running?.resolve();
      this.#closing?.resolve({ wasClean: close.wasClean, undelivered });
    };
  }

  closedError(): ClientClosedError {
    const cause = this.#supervisor.causeOfEnd;
    return new ClientClosedError(undefined, cause ? { cause } : undefined);
  }

  #start(isRevocable: boolean): void {
    const { status } = this.state;
    if (!isRevocable) this.#isRevocable = false;
    else if (status === "idle" || status === "closed") this.#isRevocable = true;
    this.#isClosed = false;
    this.#supervisor.start();
  }
}

// Older runtimes have no such symbol, and must not get a method named "undefined".
if (Symbol.asyncDispose) {
  Object.defineProperty(Client.prototype, Symbol.asyncDispose, {
    async value(this: Client): Promise<void> {
      await this.close();
    },
  });
}

function settle(calls: Set<Pending<void>> | Set<Pending<never>>, error?: Error): void {
  for (const call of calls) {
    if (error) call.reject(error);
    else (call as Pending<void>).resolve();
  }
  calls.clear();
}

function maxAgeOf({ maxAge }: { readonly maxAge?: number | undefined }): number | undefined {
  if (maxAge !== undefined && !(maxAge >= 0)) {
    throw new ConfigurationError([
      `maxAge: milliseconds, 0 or more, are needed, not ${String(maxAge)}`,
    ]);
  }
  return maxAge;
}
