import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https, { type ServerOptions } from "node:https";
import type { Socket } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { listen } from "./listen.ts";
import { Queue } from "./queue.ts";

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
  /** Compresses, if the client offers it. @defaultValue true */
  readonly perMessageDeflate?: boolean;
  /** Answers the request by itself when it returns true. */
  readonly answer?: (request: IncomingMessage, socket: Socket) => boolean | void;
  /** Does something with every new connection. */
  readonly greet?: (peer: Peer) => void;
}

/** Starts a server that stops with the test. */
export async function serve(options: ServeOptions = {}): Promise<TestServer> {
  const { tls, perMessageDeflate = true, answer, greet } = options;
  const refuse = (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(426).end();
  };
  const server = tls ? https.createServer(tls, refuse) : http.createServer(refuse);
  const upgrades = new WebSocketServer({ noServer: true, perMessageDeflate });
  const peers = new Queue<Peer>();
  const requests: IncomingMessage[] = [];
  server.on("tlsClientError", () => {});
  server.on("upgrade", (request, stream, head) => {
    const socket = stream as Socket;
    requests.push(request);
    if (answer?.(request, socket)) return;
    upgrades.handleUpgrade(request, socket, head, (ws) => {
      const peer = peerOf(ws, request, socket);
      greet?.(peer);
      peers.put(peer);
    });
  });
  const port = await listen(server);
  return { port, url: `${tls ? "wss" : "ws"}://127.0.0.1:${port}/`, peers, requests };
}

function peerOf(ws: WebSocket, request: IncomingMessage, socket: Socket): Peer {
  const messages = new Queue<string | Buffer>();
  ws.on("error", () => {});
  ws.on("message", (data: Buffer, isBinary) => messages.put(isBinary ? data : data.toString()));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  return { ws, request, socket, messages, closed };
}
