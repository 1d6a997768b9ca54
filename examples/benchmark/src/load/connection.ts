import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import { FrameParser } from "./frame-parser.ts";
import { frame, opcodes } from "./frame.ts";

/** What a route does with a message. */
export type OnMessage = (opcode: number, payload: Buffer | null, compressed: boolean) => void;

/** The server's end of a connection: answers pings and closes, hands messages to its route. */
export class LoadConnection {
  readonly socket: Duplex;
  onMessage: OnMessage = () => {};

  constructor(socket: Duplex, keep: boolean) {
    this.socket = socket;
    const parser = new FrameParser((opcode, payload, compressed) => {
      if (opcode === opcodes.ping) this.write(frame(opcodes.pong, payload!));
      else if (opcode === opcodes.close) socket.end(frame(opcodes.close, payload!));
      else if (opcode < opcodes.close) this.onMessage(opcode, payload, compressed);
    }, keep);
    socket.on("data", (chunk: Buffer) => parser.push(chunk));
    // Clients end as they like; nothing of the server's depends on how. What HTTP has let go stays half open.
    socket.on("end", () => socket.destroy());
    socket.on("error", () => socket.destroy());
  }

  write(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Writes one frame `count` times, as fast as the socket takes it. */
  stream(bytes: Buffer, count: number): void {
    const each = Math.max(1, Math.floor(block / bytes.length));
    const blocks = new Map<number, Buffer>();
    const blockOf = (n: number): Buffer => {
      const made = blocks.get(n) ?? repeat(bytes, n);
      blocks.set(n, made);
      return made;
    };
    let left = count;
    const go = (): void => {
      while (left > 0 && !this.socket.destroyed) {
        const n = Math.min(each, left);
        left -= n;
        if (!this.socket.write(blockOf(n))) {
          this.socket.once("drain", go);
          return;
        }
      }
    };
    go();
  }

  /** Writes `bytes` again and again, each time when the time before has gone out. */
  repeat(bytes: Buffer, times: number): void {
    let left = times;
    const go = (): void => {
      if (left-- > 0) this.socket.write(bytes, go);
    };
    go();
  }
}

/** Bytes that go to the socket at once. */
const block = 262_144;

/** `bytes`, `count` times over. */
export function repeat(bytes: Buffer, count: number): Buffer {
  const all = Buffer.alloc(bytes.length * count);
  for (let i = 0; i < count; i++) bytes.copy(all, i * bytes.length);
  return all;
}
