import { once } from "node:events";
import http, { type IncomingMessage } from "node:http";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ContractAnswer } from "@stream-tungstenite/core/testing";
import { freePort } from "rig/free-port";
import { Queue } from "rig/queue";
import { WebSocketServer, type WebSocket } from "ws";
import type { RuntimePeer, RuntimeServer } from "../control/commands.ts";

/** A server on `ws` that the transport contract and the scenarios command. */
export async function contractServer(): Promise<RuntimeServer> {
  const sockets = new Set<Socket>();
  const peers = new Queue<RuntimePeer>();
  const held = new Queue<void>();
  let answer: ContractAnswer = { type: "accept" };
  const upgrades = new WebSocketServer({
    noServer: true,
    perMessageDeflate: true,
    handleProtocols: () => (answer.type === "accept" && answer.protocol) || false,
  });
  const server = http.createServer();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const now = answer;
    switch (now.type) {
      case "hold":
        held.put();
        break;
      case "drop":
        socket.destroy();
        break;
      case "refuse":
        socket.end(
          `HTTP/1.1 ${now.status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n` +
            (now.retryAfter === undefined ? "" : `Retry-After: ${now.retryAfter}\r\n`) +
            "\r\n",
        );
        break;
      case "accept":
        upgrades.handleUpgrade(request, socket, head, (ws) => {
          peers.put(contractPeer(ws, socket, request));
          if (now.greeting !== undefined) ws.send(now.greeting);
        });
    }
    answer = { type: "accept" };
  });
  const port = await listen(server, 0);
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, "close");
  };
  return {
    url: `ws://127.0.0.1:${port}/`,
    nowhere: `ws://127.0.0.1:${await freePort()}/`,
    async answerNext(next) {
      answer = next;
    },
    held: () => held.take(),
    nextPeer: () => peers.take(),
    stop,
    async start() {
      await listen(server, port);
    },
    close: stop,
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function contractPeer(
  ws: WebSocket,
  socket: Duplex,
  { url = "", headers }: IncomingMessage,
): RuntimePeer {
  const messages = new Queue<string | Uint8Array>();
  const pongs = new Queue<Buffer>();
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on("close", (code, reason) => {
      messages.end(new Error(`Closed with ${code}`));
      resolve({ code, reason: reason.toString() });
    });
  });
  ws.on("message", (data: Buffer, isBinary) => {
    messages.put(isBinary ? new Uint8Array(data) : data.toString());
  });
  ws.on("pong", (data) => pongs.put(data));
  ws.on("error", () => {});
  return {
    path: url,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value?.toString()]),
    ),
    send: (message) =>
      new Promise((resolve, reject) => {
        ws.send(message, (error) => (error ? reject(error) : resolve()));
      }),
    next: () => messages.take(),
    async ping(payload) {
      ws.ping(payload);
      const pong = await pongs.take();
      if (!pong.equals(payload)) throw new Error("The pong's payload differs from the ping's");
    },
    async close(code, reason) {
      ws.close(code, reason);
    },
    async drop() {
      socket.destroy();
    },
    closed: () => closed,
    async stall() {
      ws.pause();
    },
    async unstall() {
      ws.resume();
    },
  };
}
