import { on } from "node:events";
import { WebSocket, type RawData } from "ws";
import { after, every } from "../clock.ts";
import type { Adapter, Setup, Socket } from "./client.ts";

/** Bare `ws` as its README uses it; like this client it offers compression only where that is measured. */
export function ws(setup: Setup): Adapter {
  return setup.delay === undefined ? plain(setup) : reconnecting(setup, setup.delay);
}

function listen(socket: WebSocket, onMessage: Setup["onMessage"]): void {
  socket.on("message", (data: RawData, isBinary) =>
    onMessage(isBinary ? (data as Buffer) : (data as Buffer).toString()),
  );
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
}

function plain({ deflate, onMessage, heartbeat }: Setup): Adapter<WebSocket> {
  return {
    async open(url) {
      const socket = new WebSocket(url, { perMessageDeflate: deflate });
      listen(socket, onMessage);
      if (heartbeat !== undefined) keepAlive(socket, heartbeat);
      await opened(socket);
      return socket;
    },
    end: (socket) => socket.terminate(),
  };
}

/** The ping loop of the README of `ws`, with a timer for each connection, as clients have one connection each. */
function keepAlive(socket: WebSocket, interval: number): void {
  let isAlive = true;
  socket.on("pong", () => {
    isAlive = true;
  });
  const stop = every(interval, () => {
    if (!isAlive) return socket.terminate();
    if (socket.readyState !== WebSocket.OPEN) return;
    isAlive = false;
    socket.ping();
  });
  socket.on("close", stop);
}

/** What is written by hand around `ws` to come back after a loss: a timer and a queue without bounds. */
function reconnecting(setup: Setup, delay: number): Adapter {
  const ended = new WeakSet<object>();
  return {
    async open(url) {
      let current: WebSocket;
      let queue: (string | Uint8Array)[] = [];
      const dial = (): void => {
        const socket = new WebSocket(url, { perMessageDeflate: setup.deflate });
        current = socket;
        listen(socket, setup.onMessage);
        socket.on("open", () => {
          const waiting = queue;
          queue = [];
          for (const message of waiting) socket.send(message);
          setup.onOpen?.();
        });
        // `close` follows.
        socket.on("error", () => {});
        socket.on("close", () => {
          if (ended.has(handle)) return;
          setup.onLost?.();
          after(delay, dial);
        });
      };
      const handle: Socket & { terminate(): void } = {
        get bufferedAmount() {
          return current.bufferedAmount;
        },
        send(message) {
          if (current.readyState === WebSocket.OPEN) current.send(message);
          else queue.push(message);
        },
        terminate: () => current.terminate(),
      };
      dial();
      await opened(current!);
      return handle;
    },
    end(socket) {
      ended.add(socket);
      (socket as Socket & { terminate(): void }).terminate();
    },
  };
}

/** `ws` read by `for await`, which Node's `events.on` makes possible; nothing stops the server meanwhile. */
export function wsEventsOn({ deflate, onMessage }: Setup): Adapter<WebSocket> {
  return {
    async open(url) {
      const socket = new WebSocket(url, { perMessageDeflate: deflate });
      const read = async (): Promise<void> => {
        for await (const [data, isBinary] of on(socket, "message", { close: ["close"] })) {
          onMessage(isBinary ? (data as Buffer) : String(data));
        }
      };
      void read();
      await opened(socket);
      return socket;
    },
    end: (socket) => socket.terminate(),
  };
}
