import { Buffer } from "node:buffer";

/** Opcodes of frames (RFC 6455 §5.2). */
export const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** What a frame says beside its payload. */
export interface FrameOptions {
  /** RSV1: the payload is compressed (RFC 7692 §6). */
  readonly compressed?: boolean;
  /** As clients must send it (RFC 6455 §5.3). The key is 0, which leaves the payload as it is. */
  readonly masked?: boolean;
}

/** One unfragmented frame. */
export function frame(opcode: number, payload: Uint8Array, options: FrameOptions = {}): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const header = Buffer.alloc(2 + extended + (options.masked ? 4 : 0));
  header[0] = 0x80 | (options.compressed ? 0x40 : 0) | opcode;
  header[1] = (options.masked ? 0x80 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) header.writeUInt16BE(length, 2);
  if (extended === 8) header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, payload]);
}

/** A text frame. */
export function textFrame(text: string): Buffer {
  return frame(opcodes.text, Buffer.from(text));
}
