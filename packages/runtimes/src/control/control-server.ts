import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import { contractServer } from "../serving/contract-server.ts";
import type { Answer, Call, Commands, RuntimePeer, RuntimeServer } from "./commands.ts";
import { decodeFrame, encodeFrame } from "./frame.ts";

/** The end of the line in the process with the servers. */
export interface ControlServer extends AsyncDisposable {
  readonly url: string;
}

/**
 * Listens for runtimes under test and gives each the servers that it asks for. They are closed when the
 * runtime's line is.
 *
 * @param onReport - told what the runtimes report
 */
export async function controlServer(onReport: (report: unknown) => void): Promise<ControlServer> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  server.on("connection", (socket) => serve(socket, onReport));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, "close");
    },
  };
}

function serve(socket: WebSocket, onReport: (report: unknown) => void): void {
  const servers: RuntimeServer[] = [];
  const commands = commandsOver(servers, onReport);
  const reply = (answer: Answer): void => socket.send(encodeFrame(answer));
  socket.on("message", (data: Buffer) => {
    const { id, name, args } = decodeFrame(data) as Call;
    const command = commands[name] as (...args: readonly unknown[]) => Promise<unknown>;
    command(...args).then(
      (value) => reply({ id, value }),
      (error: unknown) =>
        reply({ id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  socket.on("close", () => {
    for (const server of servers) void server.close();
  });
}

/** Servers and peers by number, for one runtime. */
function commandsOver(servers: RuntimeServer[], onReport: (report: unknown) => void): Commands {
  const peers: RuntimePeer[] = [];
  const serverOf = (id: number): RuntimeServer => servers[id] as RuntimeServer;
  const peerOf = (id: number): RuntimePeer => peers[id] as RuntimePeer;
  return {
    async openServer() {
      const server = await contractServer();
      return { id: servers.push(server) - 1, url: server.url, nowhere: server.nowhere };
    },
    answerNext: (id, answer) => serverOf(id).answerNext(answer),
    held: (id) => serverOf(id).held(),
    async nextPeer(id) {
      const peer = await serverOf(id).nextPeer();
      return { id: peers.push(peer) - 1, path: peer.path, headers: peer.headers };
    },
    stop: (id) => serverOf(id).stop(),
    start: (id) => serverOf(id).start(),
    closeServer: (id) => serverOf(id).close(),
    send: (id, message) => peerOf(id).send(message),
    next: (id) => peerOf(id).next(),
    ping: (id, payload) => peerOf(id).ping(payload),
    close: (id, code, reason) => peerOf(id).close(code, reason),
    drop: (id) => peerOf(id).drop(),
    closed: (id) => peerOf(id).closed(),
    stall: (id) => peerOf(id).stall(),
    unstall: (id) => peerOf(id).unstall(),
    async report(report) {
      onReport(report);
    },
  };
}
