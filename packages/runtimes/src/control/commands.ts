import type { Message } from "@stream-tungstenite/core";
import type {
  ContractAnswer,
  ContractPeer,
  ContractServer,
} from "@stream-tungstenite/core/testing";

/** A server that also goes away and comes back. */
export interface RuntimeServer extends ContractServer {
  nextPeer(): Promise<RuntimePeer>;
  /** Drops every connection and frees the port: from now on TCP is refused. */
  stop(): Promise<void>;
  /** Listens again, at the same URL. */
  start(): Promise<void>;
}

/** The server's end of a connection, with what the opening handshake asked. */
export interface RuntimePeer extends ContractPeer {
  /** Of the request, names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What a runtime under test may ask of the process with the servers. Servers and peers go by number. */
export interface Commands {
  openServer(): Promise<{ readonly id: number; readonly url: string; readonly nowhere: string }>;
  answerNext(server: number, answer: ContractAnswer): Promise<void>;
  held(server: number): Promise<void>;
  nextPeer(
    server: number,
  ): Promise<{ readonly id: number } & Pick<RuntimePeer, "path" | "headers">>;
  stop(server: number): Promise<void>;
  start(server: number): Promise<void>;
  closeServer(server: number): Promise<void>;

  send(peer: number, message: Message): Promise<void>;
  next(peer: number): Promise<Message>;
  ping(peer: number, payload: Uint8Array): Promise<void>;
  close(peer: number, code?: number, reason?: string): Promise<void>;
  drop(peer: number): Promise<void>;
  closed(peer: number): Promise<{ readonly code: number; readonly reason: string }>;
  stall(peer: number): Promise<void>;
  unstall(peer: number): Promise<void>;

  /** Something that the process with the servers is to know or to keep. */
  report(report: unknown): Promise<void>;
}

/** A command on its way; `id` returns with the answer. */
export interface Call {
  readonly id: number;
  readonly name: keyof Commands;
  readonly args: readonly unknown[];
}

/** What came of a call: its value, or the message of its error. */
export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}
