import { Buffer } from "node:buffer";
import net from "node:net";
import type { Duplex } from "node:stream";
import tls, { type ConnectionOptions } from "node:tls";

/** Takes what was read. */
export interface ChunkTaker {
  /** It is the first `length` bytes of `memory`, and to be taken at once: the next read of any socket overwrites it. */
  take(memory: Buffer, length: number): void;
}

/** What is read at a time, as by Node itself. */
const size = 65_536;

/** Shared by all sockets: each uses it only while its callback runs. */
let shared: Buffer | undefined;

/**
 * What a socket reads, lent from one piece of memory. Node would make a buffer of 64 KiB for every read,
 * which takes more time than the read itself, and as much for a pong as for a thousand messages.
 *
 * What nobody takes at once goes into the stream, as a copy: the answer to the opening handshake, and what
 * comes while the socket is paused.
 */
export class LentReads {
  /** If there is none, all goes into the stream. */
  taker: ChunkTaker | undefined;
  readonly socket: Duplex;

  constructor(socket: Duplex) {
    this.socket = socket;
  }

  /** Tells whether to go on reading. */
  onRead(memory: Buffer, length: number): boolean {
    const { socket } = this;
    // What lies in the stream comes first.
    if (!this.taker || !socket.readableFlowing || socket.readableLength > 0) {
      return socket.push(copyOf(memory, 0, length));
    }
    this.taker.take(memory, length);
    return true;
  }
}

/** Bytes that stay, in memory of their own: a small `Buffer` would share its memory with others. */
export function copyOf(bytes: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafeSlow(end - start);
  bytes.copy(copy, 0, start, end);
  return copy;
}

/** What `http.request` passes on to `createConnection`. */
export type Target = ConnectionOptions & { readonly host: string; readonly port: number };

/** Connects, for `wss:` with TLS, so that what the socket reads is lent. */
export function connectLending(target: Target, isSecure: boolean): LentReads {
  const buffer = (shared ??= Buffer.allocUnsafeSlow(size));
  const callback = (length: number): boolean => reads.onRead(buffer, length);
  // `path` is the URL's, and would be taken for that of a Unix socket. A TLS socket keeps its options, and
  // `createConnection` all that it uses.
  const kept = { ...target, path: undefined, createConnection: undefined };
  const options = { ...kept, onread: { buffer, callback } };
  const { host, servername } = target;
  const reads = new LentReads(
    isSecure
      ? // An IP address is no server name (RFC 6066 §3).
        tls.connect({ ...options, servername: servername ?? (net.isIP(host) ? "" : host) })
      : net.connect(options),
  );
  return reads;
}
