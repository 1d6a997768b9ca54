import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";
import { Collector } from "./collector.ts";

/** A server whose part the test plays itself, for what a real one does not do on request. */
export interface Stage extends AsyncDisposable {
  readonly url: string;
  /** Connections in order of arrival. */
  readonly peers: Collector<WebSocket>;
  /** All that the clients have sent, as text. */
  readonly heard: Collector<string>;
}

/** Opens a stage where `play` is told every message of a client. */
export async function stage(play: (message: Buffer, peer: WebSocket) => void): Promise<Stage> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  const peers = new Collector<WebSocket>();
  const heard = new Collector<string>();
  server.on("connection", (peer) => {
    peer.on("message", (message: Buffer) => {
      heard.add(message.toString());
      play(message, peer);
    });
    peers.add(peer);
  });
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as { port: number }).port}`,
    peers,
    heard,
    async [Symbol.asyncDispose]() {
      for (const peer of server.clients) peer.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
