import { createClient, type WebSocketClient } from "@stream-tungstenite/core";
import { heartbeat } from "@stream-tungstenite/ext-heartbeat";
import { logging } from "@stream-tungstenite/ext-logging";
import { status } from "@stream-tungstenite/ext-status";
import { auth } from "@stream-tungstenite/handshake-auth";
import { subscribe } from "@stream-tungstenite/handshake-subscribe";
import { exponentialBackoff } from "@stream-tungstenite/retry";
import { nodeTransport } from "@stream-tungstenite/transport-node";

/** Many clients in one process, each with every plugin, as a gateway may have them. */
export class Crowd {
  readonly clients: readonly WebSocketClient[];
  /** What gave up, which nothing should. */
  readonly fatal: Error[] = [];

  constructor(url: string, count: number) {
    this.clients = Array.from({ length: count }, () => this.#client(url));
  }

  get connected(): number {
    return this.clients.filter(({ isConnected }) => isConnected).length;
  }

  /** Connections so far, of all clients together. */
  get connections(): number {
    return this.clients.reduce((sum, client) => sum + client.snapshot().connectionCount, 0);
  }

  /** Resolves when all are connected at the same time. */
  async allConnected(): Promise<void> {
    // One may lose its connection while another is waited for.
    while (this.connected < this.clients.length) {
      await Promise.all(this.clients.map((client) => client.ready()));
    }
  }

  /** A message there and back on every connection. */
  async echo(text: string): Promise<void> {
    await Promise.all(
      this.clients.map(
        (client) =>
          new Promise<void>((resolve) => {
            const undo = client.on("message", (message) => {
              if (message !== text) return;
              undo();
              resolve();
            });
            client.send(text);
          }),
      ),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.close()));
  }

  #client(url: string): WebSocketClient {
    const client = createClient({
      url,
      plugins: [
        nodeTransport(),
        exponentialBackoff({ initial: 100, max: 1_000 }),
        auth("token"),
        subscribe(["trades"]),
        heartbeat(),
        status({ history: 0 }),
        logging({ level: "error", logger: { error: () => {} } }),
      ],
    });
    client.on("fatal", ({ error }) => this.fatal.push(error));
    client.connect().catch(() => {});
    return client;
  }
}
