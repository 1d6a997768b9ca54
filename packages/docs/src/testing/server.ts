import type { IncomingMessage } from "node:http";
import { Queue } from "rig/queue";
import { serve as serveWs } from "rig/serve";
import type { Peer, ServeOptions as WsOptions, TestServer as WsServer } from "rig/serve";

/** A server of `ws` on the loopback interface that does as it is told. */
export interface TestServer extends Omit<WsServer, "requests"> {
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
export interface ServeOptions extends Pick<WsOptions, "tls" | "greet"> {
  /** Answers every message; nothing is no answer. */
  readonly reply?: (message: string, peer: Peer) => string | void;
}

/** Starts a server that stops with the test. */
export async function serve({ reply, greet, ...options }: ServeOptions = {}): Promise<TestServer> {
  const requests = new Queue<IncomingMessage>();
  const answers: Answer[] = [];
  const server = await serveWs({
    ...options,
    perMessageDeflate: false,
    answer(request, socket) {
      const answer = answers.shift();
      requests.put(request);
      if (answer === "drop") socket.destroy();
      else if (answer && answer !== "silence") socket.end(refusal(answer));
      return answer !== undefined;
    },
    greet(peer) {
      peer.ws.on("message", (data: Buffer) => {
        const answer = reply?.(data.toString(), peer);
        if (answer !== undefined) peer.ws.send(answer);
      });
      greet?.(peer);
    },
  });
  return { ...server, requests, answers };
}

function refusal({ status, headers = {} }: Exclude<Answer, string>): string {
  const lines = Object.entries({ connection: "close", "content-length": "0", ...headers });
  return `HTTP/1.1 ${status} Refused\r\n${lines.map((line) => `${line.join(": ")}\r\n`).join("")}\r\n`;
}
