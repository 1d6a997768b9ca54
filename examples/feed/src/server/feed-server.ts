import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { startFeed, type FeedOptions, type FeedSocket } from "./feed.ts";

/** The path of the feed. */
export const feedPath = "/feed";

export interface FeedServerOptions extends FeedOptions {
  /** Port at 127.0.0.1; 0 lets the system choose. */
  readonly port: number;
}

/** A market-data server, and the switches that make it misbehave. */
export interface FeedServer {
  readonly port: number;
  /** Closes every connection with the code. */
  closeAll(code: number, reason: string): void;
  /** Refuses the next `count` dials with 503 and `Retry-After`, seconds. */
  refuse(count: number, retryAfter: number): void;
  /** Stops reading and writing on every connection that is open now, and leaves the sockets open. */
  fallSilent(): void;
  /** Drops everything at once, without a closing handshake, and stops listening. */
  stop(): Promise<void>;
}

// A silent socket cannot see that its client is gone, since it stopped reading. Milliseconds.
const longestSilence = 10_000;

/** Starts a server; resolves when it listens. */
export async function startFeedServer(options: FeedServerOptions): Promise<FeedServer> {
  const { clock } = options;
  const feed = startFeed(options);
  const sockets = new Set<WebSocket>();
  const alarms = new Set<() => void>();
  const refusals = { left: 0, retryAfter: 0 };

  const accept = (socket: WebSocket): void => {
    const adapter = adapt(socket);
    const receive = feed.join(adapter);
    sockets.add(socket);
    // `ws` gives a `Buffer` unless its `binaryType` is changed.
    socket.on("message", (data, isBinary) => {
      receive(isBinary ? undefined : (data as Buffer).toString("utf8"));
    });
    socket.on("close", () => {
      feed.leave(adapter);
      sockets.delete(socket);
    });
    // A client that vanished is an error here; `close` follows and is enough.
    socket.on("error", () => {});
  };

  const http = createServer((_, response) => {
    response.writeHead(426, { "Content-Type": "text/plain" }).end("This is a WebSocket server.\n");
  });
  const upgrades = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  http.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => {});
    if (refusals.left > 0) {
      refusals.left--;
      const retry = { "Retry-After": String(refusals.retryAfter) };
      answer(socket, "503 Service Unavailable", retry, "The feed is restarting.\n");
    } else if (request.url?.split("?")[0] !== feedPath) {
      answer(socket, "404 Not Found", {}, `The feed is at ${feedPath}.\n`);
    } else upgrades.handleUpgrade(request, socket, head, accept);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      http.once("error", reject);
      http.listen(options.port, "127.0.0.1", resolve);
    });
  } catch (error) {
    feed.stop();
    throw error;
  }

  return {
    port: (http.address() as AddressInfo).port,
    closeAll(code, reason) {
      for (const socket of sockets) if (!socket.isPaused) socket.close(code, reason);
    },
    refuse(count, retryAfter) {
      refusals.left = count;
      refusals.retryAfter = retryAfter;
    },
    fallSilent() {
      const silent = [...sockets];
      for (const socket of silent) socket.pause();
      const drop = (): void => silent.forEach((socket) => socket.terminate());
      alarms.add(clock.schedule(longestSilence, drop));
    },
    async stop() {
      feed.stop();
      for (const cancel of alarms) cancel();
      for (const socket of sockets) socket.terminate();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}

function adapt(socket: WebSocket): FeedSocket {
  return {
    get writable() {
      return socket.readyState === socket.OPEN && !socket.isPaused;
    },
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send: (text) => socket.send(text),
    close: (code, reason) => socket.close(code, reason),
  };
}

/** Answers an upgrade request with an HTTP response (RFC 6455 §4.2.2, step 5). */
function answer(
  socket: Duplex,
  status: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  const head = Object.entries({
    Connection: "close",
    "Content-Type": "text/plain",
    "Content-Length": String(body.length),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status}`, ...head, "", body].join("\r\n"));
}
