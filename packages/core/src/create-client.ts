import type {
  CloseOptions,
  MessagesOptions,
  Snapshot,
  Waiting,
  WebSocketClient,
} from "./client.ts";
import { Calls } from "./calls.ts";
import { closeArguments } from "./close-arguments.ts";
import { AlreadyRunningError, TimeoutError } from "./errors.ts";
import { eventStream } from "./event-stream.ts";
import type { ClientEvent, ClientEvents } from "./events.ts";
import type { ClientState } from "./machine.ts";
import { toMessage } from "./message.ts";
import type { Message, Sendable } from "./message.ts";
import type { ClientOptions } from "./options.ts";
import { once } from "./once.ts";
import { Pending } from "./pending.ts";
import type { Extension, Handshake } from "./plugin.ts";
import { abortSignal, checked, duration } from "./rules.ts";
import type { Rules } from "./rules.ts";
import { snapshotOf } from "./snapshot.ts";
import { Supervisor } from "./supervisor.ts";

/**
 * A client that stays connected. It dials when told to, by `connect()` or `run()`.
 *
 * @throws ConfigurationError that lists every fault of the options and of the plugin list
 */
export function createClient(options: ClientOptions): WebSocketClient {
  return new DisposableClient(options);
}

type Signal = { readonly signal?: AbortSignal | undefined };
/** The verbs that may be passed on. */
type Bound = Pick<WebSocketClient, "send" | "sendAsync" | "ping">;
type MaxAge = { readonly maxAge?: number | undefined };
type Listener<K extends keyof ClientEvents> = (payload: ClientEvents[K]) => void;

/** The verbs. The work is the supervisor's; who waits for it is among the calls. */
class Client implements WebSocketClient {
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly #calls = new Calls();
  readonly #supervisor: Supervisor;
  // Properties of its own, so that they may be spied on and replaced. A bound method takes two thirds of
  // the memory of a closure, of which each idle client would hold three.
  readonly send: Bound["send"] = this.#send.bind(this);
  readonly sendAsync: Bound["sendAsync"] = this.#sendAsync.bind(this);
  readonly ping: Bound["ping"] = this.#ping.bind(this);

  constructor(options: ClientOptions) {
    this.#supervisor = new Supervisor(this, options, this.#calls);
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
    return snapshotOf(this.#supervisor);
  }

  // ── life ──────────────────────────────────────────────────────────────────────────────────────────

  connect({ signal }: Signal = {}): Promise<void> {
    const calls = this.#calls;
    const error = calls.closing && this.#supervisor.closedError;
    const pending = this.#wait("connect", { signal }, error);
    if (!pending.settled) this.#supervisor.start();
    return pending.promise;
  }

  ready(waiting: Waiting = {}): Promise<void> {
    const error = this.#isClosed ? this.#supervisor.endError : null;
    return this.#wait("ready", waiting, error).promise;
  }

  run(options: Signal = {}): Promise<void> {
    const { signal } = checked(signalRules, options);
    const calls = this.#calls;
    const pending = new Pending<void>(this.#supervisor.clock);
    const stop = (): void => void this.close();
    const forget = (): void => signal?.removeEventListener("abort", stop);
    pending.promise.then(forget, forget);
    if (calls.has("run")) pending.reject(new AlreadyRunningError());
    else if (calls.closing) pending.reject(this.#supervisor.closedError);
    else {
      calls.add("run", pending);
      calls.isWanted = true;
      signal?.addEventListener("abort", stop);
      if (signal?.aborted) stop();
      else this.#supervisor.start();
    }
    return pending.promise;
  }

  reconnect(reason = ""): void {
    closeArguments({ reason }, 0);
    if (this.#calls.closing) throw this.#supervisor.closedError;
    this.#calls.isWanted = true;
    this.#supervisor.restart(reason);
  }

  disconnect(options: CloseOptions = {}): Promise<void> {
    const { code, reason, timeout } = closeArguments(options, this.#closeTimeout);
    const pending = new Pending<void>(this.#supervisor.clock);
    if (this.#isClosed) pending.reject(this.#supervisor.closedError);
    else {
      this.#calls.add("disconnect", pending);
      this.#calls.isWanted = false;
      this.#supervisor.leave(code, reason, timeout);
    }
    return pending.promise;
  }

  close(options: CloseOptions = {}): ReturnType<WebSocketClient["close"]> {
    const { code, reason, timeout } = closeArguments(options, this.#closeTimeout);
    const calls = this.#calls;
    if (!calls.closing) {
      const gaveUp = this.#isClosed;
      calls.closing = new Pending(this.#supervisor.clock);
      this.#supervisor.shutDown(code, reason, timeout);
      // Who wanted to start afresh cannot any more.
      if (gaveUp) calls.closed(this.#supervisor, false, 0);
    }
    return calls.closing.promise;
  }

  // ── messages ──────────────────────────────────────────────────────────────────────────────────────

  #send(message: Sendable, options?: MaxAge): ReturnType<Bound["send"]> {
    return this.#open.sender.send(toMessage(message), options && maxAgeOf(options));
  }

  async #sendAsync(message: Sendable, options?: Waiting & MaxAge): Promise<void> {
    return this.#open.sender.sendAsync(toMessage(message), options && maxAgeOf(options), options);
  }

  async #ping(payload?: Uint8Array, waiting?: Waiting): Promise<number> {
    const { pings, readyLink } = this.#open;
    return pings.ping(readyLink, payload, waiting);
  }

  async flush(waiting?: Waiting): Promise<void> {
    return this.#open.sender.flush(waiting);
  }

  messages(options: MessagesOptions = {}): AsyncIterableIterator<Message> {
    const reader = this.#supervisor.inflow.open(options);
    if (this.state.status === "closed") reader.finish(this.state.cause);
    return reader;
  }

  // ── events and plugins ────────────────────────────────────────────────────────────────────────────

  events(options: Signal = {}): AsyncIterableIterator<ClientEvent> {
    const { signal } = checked(signalRules, options);
    return eventStream(this.#supervisor.notifier, this.state.status === "closed", signal);
  }

  on<K extends keyof ClientEvents>(event: K, listener: Listener<K>): () => void {
    if (typeof listener !== "function") {
      throw new TypeError(`A listener of '${event}' is a function, not ${typeof listener}`);
    }
    return this.#supervisor.notifier.on(event, listener);
  }

  once<K extends keyof ClientEvents>(event: K, waiting?: Waiting): Promise<ClientEvents[K]> {
    return once(this.#supervisor, event, waiting);
  }

  use(plugin: Extension | Handshake): () => void {
    if (this.#calls.closing) throw this.#supervisor.closedError;
    return this.#supervisor.plugins.use(plugin);
  }

  // ── small things ──────────────────────────────────────────────────────────────────────────────────

  /** `close()` was called, or the client gave up. */
  get #isClosed(): boolean {
    return this.#calls.closing !== null || this.#supervisor.state.status === "closed";
  }
  /** @throws ClientClosedError */
  get #open(): Supervisor {
    if (this.#isClosed) throw this.#supervisor.closedError;
    return this.#supervisor;
  }
  get #closeTimeout(): number {
    return this.#supervisor.options.closeTimeout;
  }

  /** Waits for `connected`, unless there is a reason not to. */
  #wait(verb: "connect" | "ready", waiting: Waiting, error: Error | null): Pending<void> {
    const calls = this.#calls;
    const { clock } = this.#supervisor;
    const pending: Pending<void> = new Pending(clock, waiting, notConnected, () => {
      calls.delete(verb, pending);
      const isLast = verb === "connect" && !calls.has(verb);
      if (isLast && !calls.isWanted) this.#supervisor.leave(1000, "", 0);
    });
    if (error) pending.reject(error);
    else if (this.isConnected) pending.resolve();
    else if (!pending.settled) calls.add(verb, pending);
    return pending;
  }
}

// A statement would stay in every application that imports anything of this package, and with it the whole client.
const DisposableClient: typeof Client = /* @__PURE__ */ disposable();

function disposable(): typeof Client {
  // Older runtimes have no such symbol, and must not get a method named "undefined".
  if (Symbol.asyncDispose) {
    Object.defineProperty(Client.prototype, Symbol.asyncDispose, {
      async value(this: Client): Promise<void> {
        await this.close();
      },
    });
  }
  return Client;
}

const notConnected = (timeout: number): Error =>
  new TimeoutError(`Not connected within ${timeout} ms`);

const rules: Rules<{ readonly maxAge: number | undefined }> = {
  maxAge: /* @__PURE__ */ duration(undefined),
};
const signalRules: Rules<{ readonly signal: AbortSignal | undefined }> = { signal: abortSignal };
const maxAgeOf = ({ maxAge }: MaxAge): number | undefined => checked(rules, { maxAge }).maxAge;
