import type { Fact } from "../matrix/observation.ts";
import type { Probe } from "./probes.ts";
import { fence, open, watch } from "./socket.ts";

/** How sockets open, or fail to. */
export const opening: Readonly<Record<string, Probe>> = {
  /** By which events a dial that was refused ends. */
  async "failed dial"(server): Promise<Fact> {
    await server.answerNext({ type: "refuse", status: 503 });
    const watched = watch(new WebSocket(server.url));
    await watched.first("error");
    for (let i = 0; i < 3; i++) await fence(server);
    return watched.seen.map(({ type }) => type).join(", ");
  },
  /** Whether the constructor takes headers, and they arrive. */
  async headers(server): Promise<Fact> {
    const Socket = WebSocket as unknown as new (url: string, init: object) => WebSocket;
    try {
      const watched = watch(new Socket(server.url, { headers: { "x-test": "yes" } }));
      await watched.first("open");
      const { headers } = await server.nextPeer();
      watched.socket.close();
      return headers["x-test"] === "yes";
    } catch {
      return false;
    }
  },
  async "default binaryType"(server): Promise<Fact> {
    const { watched } = await open(server);
    watched.socket.close();
    return watched.socket.binaryType;
  },
  async "ping()"(): Promise<Fact> {
    return "ping" in WebSocket.prototype;
  },
  async WebSocketStream(): Promise<Fact> {
    return "WebSocketStream" in globalThis;
  },
};
