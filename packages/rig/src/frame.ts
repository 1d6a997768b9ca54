import { Buffer } from "node:buffer";

/** What may differ from a well-formed frame of a server (RFC 6455 §5.2). */
export interface FrameFaults {
  /** @defaultValue true */
  readonly fin?: boolean;
  /** The reserved bits, 0 to 7. @defaultValue 0 */
  readonly rsv?: number;
  /** Masked, as only clients may. @defaultValue false */
  readonly masked?: boolean;
  /** The length that the header tells. @defaultValue that of the payload */
  readonly length?: bigint | number;
  /** Bytes in which it is told, whatever would do: 1, 2 or 8. @defaultValue as few as possible */
  readonly lengthBytes?: 1 | 2 | 8;
}

/** The opcodes there are (RFC 6455 §11.8). */
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The bytes of a frame, well-formed or not. */
export function frame(
  code: number,
  payload: string | readonly number[] | Uint8Array = [],
  faults: FrameFaults = {},
): Buffer {
  const body = Buffer.from(payload as Uint8Array);
  const { fin = true, rsv = 0, masked = false, length = body.length } = faults;
  const size = BigInt(length);
  const { lengthBytes = size < 126n ? 1 : size < 65_536n ? 2 : 8 } = faults;
  const mask = masked ? 0x80 : 0;
  const head = Buffer.alloc(lengthBytes === 1 ? 2 : 2 + lengthBytes);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | code;
  head[1] = mask | (lengthBytes === 1 ? Number(size) : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) head.writeUInt16BE(Number(size), 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(size, 2);
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([head, Buffer.alloc(masked ? 4 : 0), body]);
}

/** The frame of a close with that code, or of whatever bytes instead of one. */
export function closeFrame(code: number, reason: string | readonly number[] = []): Buffer {
  return frame(
    opcode.close,
    Buffer.concat([
      Buffer.from([code >> 8, code & 0xff]),
      Buffer.from(reason as readonly number[]),
    ]),
  );
}
