import {
  byteLength,
  ConfigurationError,
  type Clock,
  type CloseInfo,
  type ConnectPhase,
  type Connection,
  type ConnectionListener,
  type ConnectRequest,
  type Message,
  type OpenInfo,
} from "@stream-tungstenite/core";
import { connectFailure } from "./failure.ts";

/** Milliseconds for the server's answer to our close frame: about as many as browsers give it. */
const closeTime = 10_000;

/** The end of a dial, and of a connection without a close frame. */
const lost: CloseInfo = { code: 1006, reason: "", wasClean: false };

/**
 * One dial and the socket that comes of it. It opens at most once and ends exactly once, whatever the
 * platform tells: nothing, twice or too late.
 *
 * ```text
 *  dialing ─opened─► open ─close─► closing ─► ended
 *     └────────────────┴── ended, terminate ───▲
 * ```
 */
export abstract class PlatformConnection implements Connection {
  protected readonly request: ConnectRequest;
  protected readonly listener: ConnectionListener;
  protected readonly clock: Clock;
  protected state: "dialing" | "open" | "closing" | "ended" = "dialing";
  #cancel = (): void => {};

  constructor(request: ConnectRequest, listener: ConnectionListener, clock: Clock) {
    this.request = request;
    this.listener = listener;
    this.clock = clock;
  }

  abstract readonly bufferedAmount: number;
  abstract send(message: Message): number | void;

  /** Begins to open a socket. */
  protected abstract dial(): void;
  /** Starts the closing handshake. */
  protected abstract leave(code: number, reason: string): void;
  /** Gets rid of the socket, as far as the platform can, and of what else is under way. */
  protected abstract drop(): void;

  /** Dials, unless nobody wants it any more. */
  start(): this {
    const { signal } = this.request;
    if (signal.aborted) this.terminate();
    else {
      signal.addEventListener("abort", this.#abort);
      this.dial();
    }
    return this;
  }

  /** @throws ConfigurationError for what an application's close frame cannot hold */
  close(code: number, reason: string): void {
    const faults: string[] = [];
    // HTML standard, WebSocket `close`: the others are the protocol's. Bun and workerd would take them.
    if (code !== 1000 && !(Number.isInteger(code) && code >= 3000 && code < 5000)) {
      faults.push(`code must be 1000 or 3000 to 4999, not ${code}`);
    }
    const bytes = byteLength(reason);
    if (bytes > 123) faults.push(`reason must be at most 123 bytes of UTF-8, not ${bytes}`);
    if (faults.length > 0) throw new ConfigurationError(faults);
    if (this.state === "dialing") this.terminate();
    if (this.state !== "open") return;
    this.state = "closing";
    // A server that never answers would keep it for 35 seconds on Deno, and longer on Bun.
    this.endWithin(closeTime);
    this.leave(code, reason);
  }

  terminate(): void {
    this.ended(lost);
  }

  /** The opening handshake is done. */
  protected opened({ protocol, extensions }: Partial<OpenInfo>): void {
    // Too late: platforms may go on with a dial that was given up.
    if (this.state !== "dialing") return this.drop();
    this.request.signal.removeEventListener("abort", this.#abort);
    this.state = "open";
    this.listener.onOpen({ protocol: protocol ?? "", extensions: extensions ?? "" });
  }

  protected received(message: Message): void {
    if (this.state !== "ended") this.listener.onMessage(message);
  }

  /** There will be no socket. `cause` is what the platform told, if it did. */
  protected failed(phase: ConnectPhase, cause: Error | undefined, retryable: boolean): void {
    this.ended({ ...lost, error: connectFailure(this.request.url, phase, cause, retryable) });
  }

  /** Ends it, unless the platform does so before. */
  protected endWithin(delay: number, error?: unknown): void {
    this.#cancel();
    this.#cancel = this.clock.schedule(delay, () => this.ended({ ...lost, error }));
  }

  /** Nothing but `onClose` follows, and that not from inside a method. */
  protected ended(close: CloseInfo): void {
    if (this.state === "ended") return;
    this.state = "ended";
    this.#cancel();
    this.request.signal.removeEventListener("abort", this.#abort);
    queueMicrotask(() => this.listener.onClose(close));
    this.drop();
  }

  readonly #abort = (): void => this.terminate();
}
