import {
  ConfigurationError,
  NotConnectedError,
  type AttemptContext,
  type Clock,
  type ConnectionListener,
  type ConnectRequest,
  type Message,
} from "@stream-tungstenite/core";
import { errorOf } from "./failure.ts";
import { headerFaults } from "./headers.ts";
import type { BrowserHeaders } from "./options.ts";
import { PlatformConnection } from "./platform-connection.ts";
import type { Settings } from "./settings.ts";
import type { WebSocketLike } from "./web-socket.ts";

const OPEN = 1;
const CLOSED = 3;
/** Milliseconds between two looks at what is still buffered. */
const pollTime = 10;
/** Milliseconds for the `close` event that follows an `error`, where it does. */
const errorTime = 1_000;

type Headers = BrowserHeaders | undefined;

/** A connection on the platform's `WebSocket`. */
export class BrowserConnection extends PlatformConnection {
  readonly #settings: Settings;
  #ws: WebSocketLike | undefined;
  #error: Error | undefined;
  /** While what is buffered is looked at. */
  #cancelPoll: (() => void) | undefined;

  constructor(
    request: ConnectRequest,
    listener: ConnectionListener,
    clock: Clock,
    settings: Settings,
  ) {
    super(request, listener, clock);
    this.#settings = settings;
  }

  get bufferedAmount(): number {
    // workerd has none.
    return this.#ws?.bufferedAmount ?? 0;
  }

  send(message: Message): void {
    const ws = this.#ws;
    // Later the platform discards messages without a word, but for workerd, which throws.
    if (this.state !== "open" || ws?.readyState !== OPEN) {
      throw new NotConnectedError("The connection is not open");
    }
    ws.send(message);
    if (!this.#cancelPoll) this.#poll();
  }

  protected dial(): void {
    const { headers } = this.#settings;
    if (typeof headers === "function") void this.#ask(headers);
    else this.#open(headers);
  }

  protected leave(code: number, reason: string): void {
    this.#ws?.close(code, reason);
  }

  protected drop(): void {
    this.#cancelPoll?.();
    try {
      if (this.#ws?.terminate) this.#ws.terminate();
      else this.#ws?.close();
    } catch {
      // There is nothing left to end.
    }
  }

  async #ask(ask: (context: AttemptContext) => Headers | Promise<Headers>): Promise<void> {
    const { attempt, signal } = this.request;
    let headers: Headers;
    try {
      headers = await ask({ attempt, signal });
      const faults = headerFaults(headers);
      if (faults.length > 0) throw new ConfigurationError(faults);
    } catch (error) {
      const { retryable } = Object(error) as { readonly retryable?: unknown };
      const cause = errorOf({ error, message: "it failed without an error" });
      return this.failed("options", cause, retryable !== false);
    }
    if (this.state === "dialing") this.#open(headers);
  }

  #open(headers: Headers): void {
    const { url, protocols } = this.request;
    const { WebSocket } = this.#settings;
    let ws: WebSocketLike;
    try {
      ws = new WebSocket(url, headers ? { headers, protocols } : protocols);
    } catch (error) {
      return this.failed("url", errorOf({ error }), false);
    }
    this.#ws = ws;
    // Bun gives a `Buffer` unless asked, others a `Blob`.
    ws.binaryType = "arraybuffer";
    ws.addEventListener("open", () => this.opened(ws));
    ws.addEventListener("message", ({ data }) =>
      this.received(typeof data === "string" ? data : new Uint8Array(data)),
    );
    ws.addEventListener("error", (event) => {
      const error = errorOf(event);
      // Node 20 and 22 tell nothing more.
      if (this.state === "dialing") return this.failed("unknown", error, true);
      if (this.state === "ended") return;
      this.#error = error;
      // `close` follows at once, if at all: on workerd it does not.
      this.endWithin(ws.readyState === CLOSED ? 0 : errorTime, error);
    });
    ws.addEventListener("close", (event) => {
      if (this.state === "dialing") return this.failed("unknown", errorOf(event), true);
      // The code of an abnormal closure is 0 on Deno.
      const code = event.code || 1006;
      const { reason = "", wasClean = true } = event;
      if (code !== 1006) return this.ended({ code, reason, wasClean, error: this.#error });
      // No close frame, so no close reason: what workerd says there is its own.
      const error = this.#error ?? errorOf(event);
      this.ended({ code, reason: "", wasClean: false, error });
    });
  }

  /** Looks again and again until what is buffered fell below the mark: no event tells. */
  #poll(): boolean {
    const isFull = this.bufferedAmount >= this.request.highWaterMark;
    this.#cancelPoll = isFull
      ? this.clock.schedule(pollTime, () => {
          if (this.state === "open" && !this.#poll()) this.listener.onDrain();
        })
      : undefined;
    return isFull;
  }
}
