import type { CloseInfo, Connection, Message, Transport } from "@stream-tungstenite/core";
import type { WebSocketStreamClass, WebSocketStreamLike } from "../web-socket-stream.ts";

type Opened = Awaited<WebSocketStreamLike["opened"]>;
type Closed = Awaited<WebSocketStreamLike["closed"]>;

/**
 * A `WebSocketStream` class on web streams, whose sockets are those of a transport in memory that can
 * pause: it receives only what is asked for.
 */
export function memoryWebSocketStream(transport: Transport): WebSocketStreamClass {
  return class MemoryWebSocketStream implements WebSocketStreamLike {
    readonly opened: Promise<Opened>;
    readonly closed: Promise<Closed>;
    readonly #connection: Connection;
    #isOver = false;
    #onDrain = (): void => {};

    constructor(url: string, { protocols }: { readonly protocols: readonly string[] }) {
      const opened = deferred<Opened>();
      const closed = deferred<Closed>();
      this.opened = opened.promise;
      this.closed = closed.promise;
      let incoming: ReadableStreamDefaultController<Message> | undefined;
      this.#connection = transport.connect(
        {
          url,
          protocols,
          noDelay: true,
          highWaterMark: 1,
          attempt: 0,
          signal: new AbortController().signal,
        },
        {
          onOpen: ({ protocol, extensions }) => {
            const readable = new ReadableStream<Message>(
              {
                start: (controller) => {
                  incoming = controller;
                  this.#connection.pause?.();
                },
                pull: () => this.#connection.resume?.(),
              },
              { highWaterMark: 0 },
            );
            const writable = new WritableStream<Message>({
              write: (message) => this.#write(message),
              abort: () => this.close(),
            });
            opened.resolve({ readable, writable, protocol, extensions } as unknown as Opened);
          },
          onMessage: (message) => {
            this.#connection.pause?.();
            incoming?.enqueue(message);
          },
          onClose: ({ code, reason, wasClean }: CloseInfo) => {
            this.#isOver = true;
            const info = { closeCode: code, reason };
            const error = Object.assign(new Error("not closed cleanly"), info);
            this.#onDrain();
            opened.reject(error);
            if (wasClean) {
              incoming?.close();
              closed.resolve(info);
            } else {
              incoming?.error(error);
              closed.reject(error);
            }
          },
          onDrain: () => this.#onDrain(),
          onPong() {},
          onActivity() {},
        },
      );
    }

    close({ closeCode = 1000, reason = "" } = {}): void {
      // The answer comes behind what is not read yet.
      this.#connection.resume?.();
      if (!this.#isOver) this.#connection.close(closeCode, reason);
    }

    /** Takes the next message only when this one is on its way. */
    #write(message: Message): Promise<void> | void {
      this.#connection.send(message);
      if (this.#connection.bufferedAmount === 0) return;
      return new Promise((resolve) => {
        this.#onDrain = resolve;
      });
    }
  };
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, "promise">;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => {});
  return { promise, ...settle! };
}
