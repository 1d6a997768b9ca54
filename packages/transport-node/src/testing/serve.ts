import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https, { type ServerOptions } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { onTestFinished } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { Queue } from "./queue.ts";

/** Listens on a free port of 127.0.0.1 until the test is over; returns the port. */
export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return (server.address() as AddressInfo).port;
}

/** The server's end of a connection. */
export interface Peer {
  readonly ws: WebSocket;
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly messages: Queue<string | Buffer>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** A WebSocket server of `ws` on the loopback interface. */
export interface TestServer {
  readonly port: number;
  readonly url: string;
  readonly peers: Queue<Peer>;
  /** Every request for an upgrade. */
  readonly requests: IncomingMessage[];
}

/** What may differ from a server that accepts everything. */
export interface ServeOptions {
  readonly tls?: ServerOptions;
  /** Answers the request by itself when it returns true. */
  readonly answer?: (request: IncomingMessage, socket: Socket) => boolean | void;
}

/** Starts a server that stops with the test. */
export async function serve({ tls, answer }: ServeOptions = {}): Promise<TestServer> {
  const refuse = (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(426).end();
  };
  const server = tls ? https.createServer(tls, refuse) : http.createServer(refuse);
  const upgrades = new WebSocketServer({ noServer: true, perMessageDeflate: true });
  const peers = new Queue<Peer>();
  const requests: IncomingMessage[] = [];
  server.on("tlsClientError", () => {});
  server.on("upgrade", (request, stream, head) => {
    const socket = stream as Socket;
    requests.push(request);
    if (answer?.(request, socket)) return;
    upgrades.handleUpgrade(request, socket, head, (ws) => peers.put(peer(ws, request, socket)));
  });
  const port = await listen(server);
  return { port, url: `${tls ? "wss" : "ws"}://127.0.0.1:${port}/`, peers, requests };
}

function peer(ws: WebSocket, request: IncomingMessage, socket: Socket): Peer {
  const messages = new Queue<string | Buffer>();
  ws.on("error", () => {});
  ws.on("message", (data: Buffer, isBinary) => messages.put(isBinary ? data : data.toString()));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  return { ws, request, socket, messages, closed };
}
