import type { ClientRequest } from "node:http";
import { isIP, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { ConnectPhase } from "@stream-tungstenite/core";

/** Follows one dial, so that a failure can say how far it came. */
export class DialTrace {
  /** The server's URL without secrets. */
  readonly url: string;
  phase: ConnectPhase = "options";
  /** Scheme, host and port of the proxy, or `""`. */
  proxy = "";
  /** The proxy itself refused; the server was never reached. */
  refusedByProxy = false;
  /** Values that must not appear in an error, should the server send them back. */
  secrets: readonly string[] = [];
  #socket: Socket | undefined;

  constructor(url: string) {
    this.url = url;
  }

  /** The server's certificate was looked at and refused. */
  get certificateRefused(): boolean {
    return Boolean((this.#socket as TLSSocket | undefined)?.authorizationError);
  }

  /** The proxy's answer, then the socket's way from name resolution to the opening handshake. */
  readonly watch = (request: ClientRequest): void => {
    this.phase = this.proxy || isIP(request.host) ? "tcp" : "dns";
    request.on("proxyConnect", ({ statusCode }: { readonly statusCode: number }) => {
      this.refusedByProxy = statusCode !== 200;
    });
    request.on("socket", (socket: Socket) => {
      // Bun's is only a shape.
      if (typeof socket.once !== "function") return;
      this.#socket = socket;
      const { encrypted } = socket as TLSSocket;
      const reached = (): void => {
        this.phase = encrypted ? "tls" : "upgrade";
      };
      // One that has failed already is not connecting either.
      if (!socket.connecting && !socket.destroyed) reached();
      socket.once("lookup", (error: Error | null) => {
        if (!error) this.phase = "tcp";
      });
      socket.once("connect", reached);
      socket.once("secureConnect", () => {
        this.phase = "upgrade";
      });
    });
  };
}
