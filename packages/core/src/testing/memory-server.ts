import type { Message } from "../message.ts";
import type { ConnectionListener, ConnectRequest } from "../transport.ts";
import { memoryDial, type MemoryDial } from "./memory-dial.ts";
import type { MemoryPeer, Peer } from "./memory-peer.ts";
import { MemorySocket } from "./memory-socket.ts";

/** Answers one dial, at once or later; doing nothing leaves the client waiting. */
export type DialStep = (dial: MemoryDial) => void;

/** A server in memory, scripted by a test. Without a script it accepts every dial. */
export interface MemoryServer {
  /** What to dial; the server answers at any URL, though. */
  readonly url: string;
  /** Every dial so far, in order, each with what it asked for and the means to answer it. */
  readonly dials: readonly MemoryDial[];
  /** The server's end of every connection accepted so far. */
  readonly peers: readonly MemoryPeer[];
  /** The server's end of the newest connection. @throws Error when none was accepted yet */
  readonly peer: MemoryPeer;
  /** The client's sockets that exist now, dialing ones included. */
  readonly live: number;
  /** The most sockets that ever existed at a time: 1 proves that no two overlapped. */
  readonly maxLive: number;

  /** The next dials are answered by these steps, one each; later ones as if there were no script. */
  script(...steps: readonly DialStep[]): void;
  /** Answers every dial that the script does not, instead of accepting it. Returns the undo. */
  onDial(step: DialStep): () => void;
  /** Tells of every message on any connection, in a microtask of its own. Returns the undo. */
  onMessage(handler: (message: Message, peer: MemoryPeer) => void): () => void;
  /** The next connection that was not yet taken this way. */
  nextPeer(): Promise<MemoryPeer>;
  /** Drops every connection, as when the server's process dies. */
  drop(): void;
}

/** How a `memoryServer` differs from the usual one. */
export interface MemoryServerOptions {
  /** @defaultValue "ws://server.test/" */
  readonly url?: string | undefined;
}

/** A server in memory for `memoryTransport`. */
export function memoryServer(options?: MemoryServerOptions): MemoryServer {
  return new Server(options?.url ?? "ws://server.test/");
}

/** Opens a socket to a server of this module: the transport's half of it. */
export function dial(
  server: MemoryServer,
  request: ConnectRequest,
  listener: ConnectionListener,
  tellsErrors: boolean,
): MemorySocket {
  if (!(server instanceof Server)) throw new TypeError("The server was not made by memoryServer()");
  return server.dial(request, listener, tellsErrors);
}

class Server implements MemoryServer {
  readonly url: string;
  readonly dials: MemoryDial[] = [];
  readonly peers: Peer[] = [];
  readonly #steps: DialStep[] = [];
  readonly #handlers: Set<(message: Message, peer: MemoryPeer) => void> = new Set();
  #step: DialStep | undefined;
  #live = 0;
  #maxLive = 0;
  #taken = 0;
  readonly #takers: ((peer: MemoryPeer) => void)[] = [];

  constructor(url: string) {
    this.url = url;
  }

  get live(): number {
    return this.#live;
  }

  get maxLive(): number {
    return this.#maxLive;
  }

  get peer(): MemoryPeer {
    const peer = this.peers.at(-1);
    if (!peer) throw new Error("No connection was accepted yet");
    return peer;
  }

  script(...steps: readonly DialStep[]): void {
    for (const step of steps) this.#steps.push(step);
  }

  onDial(step: DialStep): () => void {
    this.#step = step;
    return () => {
      if (this.#step === step) this.#step = undefined;
    };
  }

  onMessage(handler: (message: Message, peer: MemoryPeer) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  nextPeer(): Promise<MemoryPeer> {
    const peer = this.peers[this.#taken];
    if (!peer) return new Promise((resolve) => this.#takers.push(resolve));
    this.#taken++;
    return Promise.resolve(peer);
  }

  drop(): void {
    for (const peer of this.peers) peer.drop();
  }

  dial(request: ConnectRequest, listener: ConnectionListener, tellsErrors: boolean): MemorySocket {
    const socket = new MemorySocket(request, listener, () => this.#live--);
    this.#maxLive = Math.max(this.#maxLive, ++this.#live);
    const made = memoryDial(socket, tellsErrors, this.#handlers, (peer) => this.#accepted(peer));
    this.dials.push(made);
    // Aborted before it began: no server hears of such a dial.
    if (made.state === "gone") return socket;
    const step = this.#steps.shift() ?? this.#step;
    if (step) step(made);
    else made.accept();
    return socket;
  }

  #accepted(peer: Peer): void {
    this.peers.push(peer);
    const taker = this.#takers.shift();
    if (!taker) return;
    this.#taken++;
    taker(peer);
  }
}
