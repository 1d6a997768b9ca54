import type { CloseInfo, Connection, Message, Transport } from "@stream-tungstenite/core";
import type { WebSocketClass, WebSocketEvent, WebSocketLike } from "../web-socket.ts";

/** A `WebSocket` class as the HTML standard has it, whose sockets are those of a transport in memory. */
export function memoryWebSocket(transport: Transport): WebSocketClass {
  return class MemoryWebSocket implements WebSocketLike {
    binaryType = "blob";
    readyState = 0;
    protocol = "";
    extensions = "";
    readonly #listeners: (readonly [type: string, (event: WebSocketEvent) => void])[] = [];
    readonly #connection: Connection;

    constructor(url: string, protocols: object) {
      this.#connection = transport.connect(
        {
          url,
          protocols: protocols as readonly string[],
          noDelay: true,
          highWaterMark: Infinity,
          attempt: 0,
          signal: new AbortController().signal,
        },
        {
          onOpen: ({ protocol, extensions }) => {
            this.readyState = 1;
            Object.assign(this, { protocol, extensions });
            this.#emit("open");
          },
          onMessage: (message) => {
            if (this.readyState === 1) this.#emit("message", { data: received(message) });
          },
          onClose: (close) => this.#onClose(close),
          onDrain() {},
          onPong() {},
          onActivity() {},
        },
      );
    }

    get bufferedAmount(): number {
      return this.#connection.bufferedAmount;
    }

    send(message: Message): void {
      if (this.readyState === 1) this.#connection.send(message);
    }

    close(code = 1000, reason = ""): void {
      if (this.readyState > 1) return;
      this.readyState = 2;
      this.#connection.close(code, reason);
    }

    addEventListener(type: string, listener: (event: WebSocketEvent) => void): void {
      this.#listeners.push([type, listener]);
    }

    #onClose({ code, reason, wasClean }: CloseInfo): void {
      this.readyState = 3;
      if (!wasClean) this.#emit("error");
      this.#emit("close", { code, reason, wasClean });
    }

    #emit(type: string, event: Partial<WebSocketEvent> = {}): void {
      for (const [wanted, listener] of this.#listeners) {
        if (wanted === type) listener(event as WebSocketEvent);
      }
    }
  };
}

function received(message: Message): string | ArrayBuffer {
  return typeof message === "string" ? message : message.slice().buffer;
}
