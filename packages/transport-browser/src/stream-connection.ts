import { byteLength, NotConnectedError, type Message } from "@stream-tungstenite/core";
import { reasonOf } from "./reason.ts";
import { PlatformConnection } from "./platform-connection.ts";
import type {
  Reader,
  WebSocketStreamClass,
  WebSocketStreamLike,
  Writer,
} from "./web-socket-stream.ts";

/** A connection on the platform's `WebSocketStream`. */
export class StreamConnection extends PlatformConnection<WebSocketStreamClass> {
  #stream: WebSocketStreamLike | undefined;
  #writer: Writer | undefined;
  #buffered = 0;
  #isFull = false;
  /** Resolves when the platform has taken all that was sent. */
  #sent: Promise<void> | undefined;
  /** While paused: resolves at `resume`. */
  #paused: Promise<void> | undefined;
  #resume = (): void => {};

  get bufferedAmount(): number {
    return this.#buffered;
  }

  send(message: Message): number {
    const writer = this.#writer;
    // Without a desired size it is broken, and would take messages only to reject them.
    if (this.state !== "open" || !writer || writer.desiredSize === null) {
      throw new NotConnectedError("The connection is not open");
    }
    const bytes = byteLength(message);
    this.#buffered += bytes;
    if (this.#buffered >= this.request.highWaterMark) this.#isFull = true;
    // What is rejected stays buffered: its fate is unknown. Why, the end of the connection tells.
    this.#sent = writer.write(message).then(() => this.#written(bytes), ignore);
    return bytes;
  }

  pause(): void {
    this.#paused ??= new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  resume(): void {
    this.#paused = undefined;
    this.#resume();
  }

  protected dial(): void {
    const { url, protocols } = this.request;
    let stream: WebSocketStreamLike;
    try {
      stream = new this.platform(url, { protocols });
    } catch (error) {
      return this.broke(reasonOf({ error }), "url", false);
    }
    this.#stream = stream;
    // Nobody waits for it where `opened` tells of a failed dial.
    stream.closed.catch(ignore);
    void this.#run(stream);
  }

  protected leave(closeCode: number, reason: string): void {
    // The platform would not wait for what was sent before.
    const close = (): void => this.#stream?.close({ closeCode, reason });
    if (this.#sent) this.#sent.then(close).catch(ignore);
    else close();
  }

  protected drop(): void {
    // Forgets what is not sent yet, then closes; `close` alone would wait for a server that does not read.
    this.#writer?.abort().catch(ignore);
    this.#stream?.close();
  }

  async #run(stream: WebSocketStreamLike): Promise<void> {
    try {
      const open = await stream.opened;
      this.#writer = open.writable.getWriter();
      this.opened(open);
      const reading = this.#read(open.readable.getReader());
      reading.catch(ignore);
      const { closeCode = 1005, reason = "" } = await stream.closed;
      // What came before the close frame may still be read.
      await reading;
      this.ended({ code: closeCode, reason, wasClean: true });
    } catch (error) {
      const told = reasonOf({ error });
      if (this.state === "dialing") return this.broke(told);
      const { closeCode, reason } = error as { closeCode?: number | null; reason?: string };
      this.ended({ code: closeCode ?? 1006, reason: reason ?? "", wasClean: false, error: told });
    }
  }

  async #read(reader: Reader): Promise<void> {
    for (;;) {
      const { value, done } = await reader.read();
      // Pausing is not to ask for more: the stream's backpressure reaches TCP.
      while (this.#paused) await this.#paused;
      if (done || this.state === "ended") return;
      this.received(value instanceof ArrayBuffer ? new Uint8Array(value) : value);
    }
  }

  #written(bytes: number): void {
    this.#buffered -= bytes;
    if (!this.#isFull || this.#buffered >= this.request.highWaterMark) return;
    this.#isFull = false;
    if (this.state === "open") this.listener.onDrain();
  }
}

const ignore = (): void => {};
