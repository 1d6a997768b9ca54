import type { ClientRequest } from "node:http";
import { isIP, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ConnectPhase } from "@stream-tungstenite/core";
import type { NodeHeaders } from "./options.ts";

/** Follows one dial, so that a failure can say how far it came. */
export class DialTrace {
  phase: ConnectPhase = "options";
  proxy: URL | undefined;
  /** As sent; an error must not show their values, should the server send them back. */
  headers: NodeHeaders = {};
  /** The proxy itself refused; the server was never reached. */
  refusedByProxy = false;
  /** What fails now would fail again. */
  isFinal = false;
  readonly url: string;
  readonly protocols: readonly string[];
  socket: Socket | undefined;

  constructor(url: string, protocols: readonly string[] = []) {
    this.url = url;
    this.protocols = protocols;
  }

  /** Listens to the proxy's answer, then to the socket: name resolution, TCP, TLS. */
  watch(request: ClientRequest): void {
    this.phase = this.proxy || isIP(request.host) ? "tcp" : "dns";
    if (this.proxy) {
      request.on("proxyConnect", ({ statusCode }: { readonly statusCode: number }) => {
        this.refusedByProxy = statusCode !== 200;
      });
    }
    request.on("socket", (socket: Socket) => {
      // Bun's is only a shape.
      if (typeof socket.once !== "function") return;
      this.socket = socket;
      const reach = (phase: ConnectPhase) => (error?: unknown) => {
        if (!error) this.phase = phase;
      };
      const { encrypted } = socket as TLSSocket;
      const connected = reach(encrypted ? "tls" : "upgrade");
      // One that has failed already is not connecting either.
      if (!socket.connecting && !socket.destroyed) connected();
      // Each only where it comes: a listener that waits on holds this dial as long as the socket lives.
      if (socket.connecting) {
        if (this.phase === "dns") socket.once("lookup", reach("tcp"));
        socket.once("connect", connected);
      }
      if (encrypted) socket.once("secureConnect", reach("upgrade"));
    });
  }
}
