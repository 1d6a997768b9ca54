import type { ConnectPhase } from "../errors.ts";
import type { Transport } from "../plugin.ts";
import type { Connection } from "../transport.ts";
import { dial, type MemoryServer } from "./memory-server.ts";
import type { MemorySocket } from "./memory-socket.ts";

/** What the transport can do; all of it unless switched off. A browser's has none of these. */
export interface MemoryTransportOptions {
  /** Protocol pings. @defaultValue true */
  readonly ping?: boolean | undefined;
  /** Pausing and resuming. @defaultValue true */
  readonly pause?: boolean | undefined;
  /** Telling when all is on the network. @defaultValue true */
  readonly flush?: boolean | undefined;
  /**
   * Telling why a dial failed, and how far one has come; otherwise it is close code 1006 and nothing else.
   *
   * @defaultValue true
   */
  readonly errors?: boolean | undefined;
}

/** A transport that reaches a `memoryServer` and nothing else: no network, no time, no copies. */
export function memoryTransport(server: MemoryServer, options?: MemoryTransportOptions): Transport {
  const { ping = true, pause = true, flush = true, errors = true } = options ?? {};
  return {
    name: "memory",
    connect(request, listener) {
      const socket = dial(server, request, listener, errors);
      return new MemoryConnection(socket, ping, pause, flush, errors);
    },
  };
}

const empty = new Uint8Array();

class MemoryConnection implements Connection {
  readonly phase?: ConnectPhase;
  readonly ping?: (payload?: Uint8Array) => void;
  readonly pause?: () => void;
  readonly resume?: () => void;
  readonly flush?: () => Promise<void>;
  readonly #socket: MemorySocket;

  constructor(
    socket: MemorySocket,
    ping: boolean,
    pause: boolean,
    flush: boolean,
    errors: boolean,
  ) {
    this.#socket = socket;
    // Whoever dials has reached the server: only its answer is missing.
    if (errors) this.phase = "upgrade";
    if (ping) this.ping = (payload = empty) => socket.ping(payload);
    if (pause) {
      this.pause = () => socket.downlink.pause();
      this.resume = () => socket.downlink.resume();
    }
    if (flush) this.flush = () => socket.uplink.flush();
  }

  get bufferedAmount(): number {
    return this.#socket.uplink.bufferedAmount;
  }

  send(message: string | Uint8Array): number {
    return this.#socket.send(message);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.abort();
  }
}
