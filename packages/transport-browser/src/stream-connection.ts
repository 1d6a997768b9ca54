import {
  byteLength,
  NotConnectedError,
  type CloseInfo,
  type Message,
} from "@stream-tungstenite/core";
import { reasonOf } from "./reason.ts";
import { closeTime, PlatformConnection } from "./platform-connection.ts";
import type {
  Reader,
  WebSocketStreamClass,
  WebSocketStreamLike,
  Writer,
} from "./web-socket-stream.ts";

/** Milliseconds for a stream that broke, or closed, to say all that there is to say of it. */
const errorTime = 1_000;

/** A connection on the platform's `WebSocketStream`. */
export class StreamConnection extends PlatformConnection<WebSocketStreamClass> {
  #stream: WebSocketStreamLike | undefined;
  #writer: Writer | undefined;
  #buffered = 0;
  #isFull = false;
  /** Resolves when the platform has taken all that was sent. */
  #sent: Promise<void> | undefined;
  /** How it ended, once `closed` told. */
  #close: CloseInfo | undefined;
  #isRead = false;
  /** Nothing was read since this was set, and nothing held back. */
  #isStuck = false;
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
    void this.#run(stream);
    void this.#watch(stream);
  }

  protected leave(closeCode: number, reason: string): void {
    // The platform would not wait for what was sent before.
    const close = (): void => this.#stream?.close({ closeCode, reason });
    if (this.#sent) this.#sent.then(close).catch(ignore);
    else close();
  }

  protected drop(): void {
    // Forgets what is not sent yet, then closes; `close` alone would wait for a server that does not read.
    try {
      this.#writer?.abort().catch(ignore);
      this.#stream?.close();
    } catch {
      // There is nothing left to end.
    }
  }

  /** From the dial to the last message. */
  async #run(stream: WebSocketStreamLike): Promise<void> {
    try {
      const open = await stream.opened;
      this.#writer = open.writable.getWriter();
      this.opened(open);
      await this.#read(open.readable.getReader());
      this.#readAll(closeTime);
    } catch (error) {
      this.#readAll(errorTime, reasonOf({ error }));
    }
  }

  /** Waits for the end, which some tell of first, or only, by `closed`. */
  async #watch(stream: WebSocketStreamLike): Promise<void> {
    try {
      const { closeCode = 1005, reason = "" } = await stream.closed;
      this.#close = { code: closeCode, reason, wasClean: true };
      if (this.state === "dialing") this.broke(reasonOf({ reason }));
      else if (this.#isRead) this.ended(this.#close);
      else if (this.state === "open") this.#awaitRest(this.#close);
    } catch (error) {
      const told = reasonOf({ error });
      if (this.state === "dialing") return this.broke(told);
      const { closeCode, reason } = Object(error) as { closeCode?: number | null; reason?: string };
      this.ended({ code: closeCode ?? 1006, reason: reason ?? "", wasClean: false, error: told });
    }
  }

  /** No message comes any more; `closed` has some time to tell why. */
  #readAll(delay: number, error?: Error): void {
    this.#isRead = true;
    if (this.state === "dialing") this.broke(error);
    else if (this.#close) this.ended(this.#close);
    else if (this.state === "open") this.endWithin(delay, error);
  }

  /** What came before the close frame may still be read, for as long as something comes or is held back. */
  #awaitRest(close: CloseInfo): void {
    this.#isStuck = !this.#paused;
    this.endWithin(errorTime, undefined, () =>
      this.#isStuck ? this.ended(close) : this.#awaitRest(close),
    );
  }

  async #read(reader: Reader): Promise<void> {
    for (;;) {
      const { value, done } = await reader.read();
      this.#isStuck = false;
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
