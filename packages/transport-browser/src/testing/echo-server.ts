import { once } from "node:events";
import type { IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { WebSocketServer } from "ws";

/** A server on a free port of 127.0.0.1 that sends every message back. */
export interface EchoServer {
  readonly url: string;
  /** Of every connection, in order. */
  readonly headers: readonly IncomingHttpHeaders[];
  /** Closes what is open. */
  kick(code: number): void;
  stop(): Promise<void>;
}

/** Starts a server that stops with the test, at the latest; of the subprotocols offered it takes the last. */
export async function echoServer(): Promise<EchoServer> {
  const headers: IncomingHttpHeaders[] = [];
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    handleProtocols: (offered) => [...offered].at(-1) ?? false,
  });
  server.on("connection", (socket, request) => {
    headers.push(request.headers);
    socket.on("message", (data, binary) => socket.send(data, { binary }));
  });
  await once(server, "listening");
  let stopped: Promise<unknown> | undefined;
  const stop = async (): Promise<void> => {
    for (const client of server.clients) client.terminate();
    stopped ??= new Promise((resolve) => server.close(resolve));
    await stopped;
  };
  onTestFinished(stop);
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    headers,
    kick(code) {
      for (const client of server.clients) client.close(code);
    },
    stop,
  };
}
