import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import https, { type ServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { Queue } from "./queue.ts";

/** The server's end of a connection. */
export interface Peer {
  readonly ws: WebSocket;
  readonly socket: Socket;
  readonly request: IncomingMessage;
  readonly messages: Queue<string | Buffer>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** A server of `ws` on the loopback interface. */
export interface TestServer {
  readonly port: number;
  readonly url: string;
  /** Connections in order of arrival. */
  readonly peers: Queue<Peer>;
  /** Every request for an upgrade. */
  readonly requests: Queue<IncomingMessage>;
  /** Answers to the next requests for an upgrade; without one it is accepted. */
  readonly answers: Answer[];
}

/** An HTTP status that refuses, with headers; nothing at all; the end of the TCP connection. */
export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | "silence"
  | "drop";

/** How the server behaves. */
export interface ServeOptions {
  readonly tls?: ServerOptions;
  /** Answers every message; nothing is no answer. */
  readonly reply?: (message: string, peer: Peer) => string | void;
  /** Does something with every new connection. */
  readonly greet?: (peer: Peer) => void;
}

/** Starts a server that stops with the test. */
export async function serve({ tls, reply, greet }: ServeOptions = {}): Promise<TestServer> {
  const server = tls ? https.createServer(tls) : http.createServer();
  const upgrades = new WebSocketServer({
    noServer: true,
    handleProtocols: ([first]) => first ?? false,
  });
  const sockets = new Set<Socket>();
  const peers = new Queue<Peer>();
  const requests = new Queue<IncomingMessage>();
  const answers: Answer[] = [];
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => {});
  server.on("upgrade", (request, stream, head) => {
    const socket = stream as Socket;
    const answer = answers.shift();
    requests.put(request);
    if (answer === "silence") return;
    if (answer === "drop") socket.destroy();
    else if (answer) socket.end(refusal(answer));
    else {
      upgrades.handleUpgrade(request, socket, head, (ws) => {
        const peer = peerOf(ws, socket, request, reply);
        greet?.(peer);
        peers.put(peer);
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `${tls ? "wss" : "ws"}://127.0.0.1:${port}/`, peers, requests, answers };
}

function refusal({ status, headers = {} }: Exclude<Answer, string>): string {
  const lines = Object.entries({ connection: "close", "content-length": "0", ...headers });
  return `HTTP/1.1 ${status} Refused\r\n${lines.map((line) => `${line.join(": ")}\r\n`).join("")}\r\n`;
}

function peerOf(
  ws: WebSocket,
  socket: Socket,
  request: IncomingMessage,
  reply: ServeOptions["reply"],
): Peer {
  const messages = new Queue<string | Buffer>();
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  const peer: Peer = { ws, socket, request, messages, closed };
  ws.on("error", () => {});
  ws.on("message", (data: Buffer, isBinary) => {
    const message = isBinary ? data : data.toString();
    messages.put(message);
    const answer = reply?.(String(message), peer);
    if (answer !== undefined) ws.send(answer);
  });
  return peer;
}
