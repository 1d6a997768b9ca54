import { ConfigurationError, NotConnectedError, type Message } from "@stream-tungstenite/core";
import { headersFault } from "./headers.ts";
import { PlatformConnection } from "./platform-connection.ts";
import { reasonOf } from "./reason.ts";
import type { Settings } from "./settings.ts";
import type { WebSocketLike } from "./web-socket.ts";

const OPEN = 1;
const CLOSED = 3;
/** Milliseconds between two looks at what is still buffered. */
const pollTime = 10;
/** Milliseconds for the `close` event that follows an `error`, where it does. */
const errorTime = 1_000;

/** A connection on the platform's `WebSocket`. */
export class BrowserConnection extends PlatformConnection<Settings> {
  #ws: WebSocketLike | undefined;
  #error: Error | undefined;
  /** While what is buffered is looked at. */
  #cancelPoll: (() => void) | undefined;

  get bufferedAmount(): number {
    // Those of some older platforms have none.
    return this.#ws?.bufferedAmount ?? 0;
  }

  send(message: Message): void {
    const ws = this.#ws;
    // Later the platform discards messages without a word, but for workerd, which throws.
    if (ws?.readyState !== OPEN) throw new NotConnectedError("The connection is not open");
    ws.send(message);
    if (!this.#cancelPoll) this.#poll();
  }

  /** Synchronous unless there is a function to ask. */
  protected async dial(): Promise<void> {
    const { url, protocols, attempt, signal } = this.request;
    const { WebSocket, headers: given } = this.platform;
    let headers = given;
    try {
      if (typeof headers === "function") {
        headers = await headers({ attempt, signal });
        const fault = headersFault(headers);
        if (fault) throw new ConfigurationError([fault]);
        if (this.state !== "dialing") return;
      }
    } catch (error) {
      const { retryable } = Object(error) as { readonly retryable?: unknown };
      const reason = reasonOf({ error, message: "it failed without an error" });
      return this.broke(reason, "options", retryable !== false, "option 'headers': ");
    }
    try {
      this.#open(new WebSocket(url, headers ? { headers, protocols } : protocols));
    } catch (error) {
      this.broke(reasonOf({ error }), "url", false);
    }
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

  #open(ws: WebSocketLike): void {
    this.#ws = ws;
    // Bun gives a `Buffer` unless asked, others a `Blob`.
    ws.binaryType = "arraybuffer";
    ws.addEventListener("open", () => this.opened(ws));
    ws.addEventListener("message", ({ data }) =>
      this.received(typeof data === "string" ? data : new Uint8Array(data)),
    );
    ws.addEventListener("error", (event) => {
      this.#error = reasonOf(event);
      // Node 20 and 22 tell nothing more.
      if (this.state === "dialing") this.broke(this.#error);
      // `close` follows at once, if at all: on workerd it does not.
      else if (this.state !== "ended")
        this.endWithin(ws.readyState === CLOSED ? 0 : errorTime, this.#error);
    });
    ws.addEventListener("close", (event) => {
      const { code, reason = "", wasClean = true } = event;
      const error = this.#error;
      // Without a close frame, which is 0 on Deno, there is no close reason: workerd's is its own.
      if (this.state === "dialing" || !code || code === 1006) this.broke(error ?? reasonOf(event));
      else this.ended({ code, reason, wasClean, error });
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
