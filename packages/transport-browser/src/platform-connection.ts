import {
  ConnectError,
  redactUrl,
  type Clock,
  type CloseInfo,
  type ConnectPhase,
  type Connection,
  type ConnectionListener,
  type ConnectRequest,
  type Message,
  type OpenInfo,
} from "@stream-tungstenite/core";

/** Milliseconds for the server's answer to our close frame: about as many as browsers give it. */
export const closeTime = 10_000;

/** The end of a dial, and of a connection without a close frame. */
const lost: CloseInfo = { code: 1006, reason: "", wasClean: false };

/**
 * One dial and the socket that comes of it. It opens at most once and ends exactly once, whatever the
 * platform tells: nothing, twice or too late.
 *
 * ```text
 *  dialing ─opened─► open ─close─► closing ─► ended
 *     └────────────────┴── broke, terminate ───▲
 * ```
 */
export abstract class PlatformConnection<Platform> implements Connection {
  /** What sockets are opened with. */
  protected readonly platform: Platform;
  protected readonly request: ConnectRequest;
  protected readonly listener: ConnectionListener;
  protected readonly clock: Clock;
  protected state: "dialing" | "open" | "closing" | "ended" = "dialing";
  #cancel = (): void => {};

  constructor(
    request: ConnectRequest,
    listener: ConnectionListener,
    clock: Clock,
    platform: Platform,
  ) {
    this.platform = platform;
    this.request = request;
    this.listener = listener;
    this.clock = clock;
  }

  abstract readonly bufferedAmount: number;
  abstract send(message: Message): number | void;

  /** Begins to open a socket. */
  protected abstract dial(): void | Promise<void>;
  /** Starts the closing handshake. */
  protected abstract leave(code: number, reason: string): void;
  /** Gets rid of the socket, as far as the platform can, and of what else is under way. */
  protected abstract drop(): void;

  /** Dials, unless nobody wants it any more. */
  start(): this {
    const { signal } = this.request;
    // Stays as long as the attempt does: nobody has to take it away.
    signal.addEventListener("abort", () => {
      if (this.state === "dialing") this.terminate();
    });
    if (signal.aborted) this.terminate();
    else void this.dial();
    return this;
  }

  close(code: number, reason: string): void {
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
    if (this.state === "ended") this.drop();
    // Told twice, it is no reason to drop what works.
    if (this.state !== "dialing") return;
    this.state = "open";
    this.listener.onOpen({ protocol: protocol ?? "", extensions: extensions ?? "" });
  }

  protected received(message: Message): void {
    if (this.state !== "ended") this.listener.onMessage(message);
  }

  /** There will be no socket, or there is none any more. `error` is what the platform told, if it did. */
  protected broke(
    error: Error | undefined,
    phase: ConnectPhase = "unknown",
    retryable: boolean = true,
    where: string = "",
  ): void {
    const why = where + (error?.message ?? "the platform does not tell why");
    const isDial = this.state === "dialing";
    this.ended({
      ...lost,
      error: isDial
        ? new ConnectError(`Connecting to ${redactUrl(this.request.url)} failed: ${why}`, {
            phase,
            ...(error && { cause: error }),
            retryable,
          })
        : error,
    });
  }

  /** Ends it, unless the platform does so before. */
  protected endWithin(
    delay: number,
    error?: Error,
    end: () => void = () => this.broke(error),
  ): void {
    this.#cancel();
    this.#cancel = this.clock.schedule(delay, end);
  }

  /** Nothing but `onClose` follows, and that not from inside a method. */
  protected ended(close: CloseInfo): void {
    if (this.state === "ended") return;
    this.state = "ended";
    this.#cancel();
    queueMicrotask(() => this.listener.onClose(close));
    this.drop();
  }
}
