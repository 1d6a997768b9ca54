import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { after } from "../clock.ts";
import type { Dialect } from "../task.ts";
import { LoadConnection } from "./connection.ts";
import { speak } from "./dialect.ts";
import { routes, type RouteHost } from "./routes.ts";

/** Bytes that may wait in a socket before the server waits for it: it must never be the one to wait for. */
const highWaterMark = 1_048_576;

/**
 * The other end: frames are encoded beforehand and written straight to the socket, and what arrives is
 * hardly looked at, so that the client is the slower side.
 */
export class LoadServer implements RouteHost {
  readonly crowd: Set<LoadConnection> = new Set();
  #server: Server = this.#create();
  readonly #sockets = new Set<Socket>();
  #port = 0;

  /** Resolves with the port. */
  async listen(): Promise<number> {
    this.#server.listen(this.#port, "127.0.0.1", 16_384);
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
    return this.#port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  goAway(down: number): void {
    this.close();
    after(down, () => {
      this.#server = this.#create();
      void this.listen();
    });
  }

  #create(): Server {
    // A blank page for browsers, whose scripts need an origin.
    const server = createServer({ highWaterMark }, (_, response) => {
      response.setHeader("content-type", "text/html").end("<!doctype html><title>load</title>");
    });
    return server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      this.#accept(request, socket);
    });
  }

  #accept({ url = "/", headers }: IncomingMessage, socket: Socket): void {
    const query = new URL(url, "http://127.0.0.1").searchParams;
    const { keep, route } = routes[query.get("route") ?? ""] ?? routes["idle"]!;
    const dialect = dialectOf(url, headers);
    socket.setNoDelay(true);
    socket.write(answer(headers, query.has("deflate")));
    const connection = new LoadConnection(socket, keep || dialect !== "plain");
    const onMessage = route({ connection, query, host: this });
    connection.onMessage = speak(dialect, connection, onMessage);
  }
}

/** What the client itself speaks; one that only takes part in its messages speaks nothing. */
function dialectOf(url: string, headers: IncomingMessage["headers"]): Dialect {
  if (url.startsWith("/socket.io/")) return "socket.io";
  return headers["sec-websocket-protocol"] === "graphql-transport-ws" ? "graphql" : "plain";
}

/** The server's part of the opening handshake (RFC 6455 §4.2.2). */
function answer(headers: IncomingMessage["headers"], deflate: boolean): string {
  const key = `${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const protocol = headers["sec-websocket-protocol"]?.split(",")[0];
  return [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${createHash("sha1").update(key).digest("base64")}`,
    ...(protocol ? [`Sec-WebSocket-Protocol: ${protocol}`] : []),
    ...(deflate
      ? [
          "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        ]
      : []),
    "\r\n",
  ].join("\r\n");
}
