import type { ConnectRequest, Message } from "@stream-tungstenite/core";
import { manualClock, type ManualClock } from "@stream-tungstenite/core/testing";
import { StreamConnection } from "../stream-connection.ts";
import type { WebSocketStreamLike } from "../web-socket-stream.ts";
import { Recorder, request } from "./recorder.ts";

type Opened = Awaited<WebSocketStreamLike["opened"]>;
type Closed = Awaited<WebSocketStreamLike["closed"]>;

/** What Chromium rejects with. */
export class WebSocketError extends Error {
  readonly closeCode: number | null;
  readonly reason: string;

  constructor(message: string, closeCode: number | null = null, reason = "") {
    super(message);
    this.closeCode = closeCode;
    this.reason = reason;
  }
}

/** A stream that does nothing by itself: the test is its platform. */
export class FakeWebSocketStream implements WebSocketStreamLike {
  readonly opened: Promise<Opened>;
  readonly closed: Promise<Closed>;
  readonly url: string;
  readonly options: unknown;
  readonly closes: unknown[] = [];
  /** Messages that the platform was given, each with what it answers. */
  readonly writes: { readonly message: Message; readonly taken: () => void }[] = [];
  aborts = 0;
  #open!: (open: Opened) => void;
  #fail!: (error: Error) => void;
  #close!: (close: Closed) => void;
  #break!: (error: Error) => void;
  #incoming!: ReadableStreamDefaultController<unknown>;
  #outgoing!: WritableStreamDefaultController;

  constructor(url: string, options: unknown) {
    this.url = url;
    this.options = options;
    this.opened = new Promise((resolve, reject) => {
      this.#open = resolve;
      this.#fail = reject;
    });
    this.closed = new Promise((resolve, reject) => {
      this.#close = resolve;
      this.#break = reject;
    });
  }

  close(...args: readonly unknown[]): void {
    this.closes.push(args);
  }

  open(agreed: object = { protocol: "", extensions: "" }): void {
    const readable = new ReadableStream(
      { start: (controller) => void (this.#incoming = controller) },
      { highWaterMark: 0 },
    );
    const writable = new WritableStream<Message>({
      start: (controller) => void (this.#outgoing = controller),
      write: (message) =>
        new Promise((resolve) => {
          this.writes.push({ message, taken: resolve });
        }),
      abort: () => void this.aborts++,
    });
    this.#open({ readable, writable, ...agreed } as unknown as Opened);
  }

  receive(chunk: unknown): void {
    this.#incoming.enqueue(chunk);
  }

  fail(error: Error): void {
    this.#fail(error);
    this.#break(error);
  }

  /** The closing handshake is done. */
  end(close: Closed): void {
    this.#incoming.close();
    this.#outgoing.error(new Error("closed"));
    this.#close(close);
  }

  break(error: Error): void {
    this.#incoming.error(error);
    this.#outgoing.error(error);
    this.#break(error);
  }
}

/** A dial with a fake stream, observed. */
export interface FakeStreamDial {
  readonly connection: StreamConnection;
  readonly streams: readonly FakeWebSocketStream[];
  readonly stream: FakeWebSocketStream;
  readonly told: Recorder;
  readonly clock: ManualClock;
}

export function fakeStreamDial(given: Partial<ConnectRequest> = {}): FakeStreamDial {
  const streams: FakeWebSocketStream[] = [];
  class WebSocketStream extends FakeWebSocketStream {
    constructor(url: string, options: unknown) {
      super(url, options);
      streams.push(this);
    }
  }
  const told = new Recorder();
  const clock = manualClock();
  const connection = new StreamConnection(request(given), told, clock, WebSocketStream).start();
  return {
    connection,
    streams,
    get stream() {
      const [stream] = streams;
      if (!stream) throw new Error("No stream was made");
      return stream;
    },
    told,
    clock,
  };
}

/** A dial that is open already. */
export async function openStreamDial(given?: Partial<ConnectRequest>): Promise<FakeStreamDial> {
  const dial = fakeStreamDial(given);
  dial.stream.open();
  await dial.clock.settle();
  return dial;
}
