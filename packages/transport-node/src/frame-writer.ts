import { Buffer } from "node:buffer";
import type { Message } from "@stream-tungstenite/core";
import type { NextMask } from "./masks.ts";

/** The part of a socket that takes frames. */
export interface FrameSink {
  write(frame: Uint8Array, written?: (error?: Error | null) => void): unknown;
}

/** What frames are built in. */
interface Memory {
  readonly bytes: Buffer;
  /** The same memory, for masking four bytes at a time. */
  readonly words: Int32Array;
  /** Where the next payload begins: on a word, with room for a header before it. */
  start: number;
}

/** Bytes of the longest header are 14; the payload begins on a word. */
const headroom = 16;
/** Bytes that short frames share: in memory of its own, one of 1 KiB costs three times as much. */
const shared = 65_536;
/** Longer payloads, in bytes or characters, get memory of their own: they would leave too much unused. */
const short = 16_384;

/** Lives on in frames that wait to be written; no byte of it is used twice. */
let pool: Memory | undefined;

/**
 * Writes a frame (RFC 6455 §5.2) to the socket below a `WebSocket` of `ws`, header and payload in one
 * piece. `ws` masks byte by byte, counts the bytes of a text before it encodes it, and writes two pieces.
 *
 * Nothing else of `ws` may wait to be written: with compression it does. A control frame's payload must
 * have 125 bytes at most (§5.5). The payload is copied, so it is left as it was.
 *
 * @param opcode - 1 for text, 2 for bytes, 9 for a ping
 * @param written - as for `write` of the socket, which may call it with an error
 * @returns bytes of the payload
 */
export function writeFrame(
  socket: FrameSink,
  opcode: number,
  payload: Message,
  nextMask: NextMask,
  written?: (error?: Error | null) => void,
): number {
  // Before memory is taken: a function of the application's may itself send something.
  const mask = nextMask();
  let memory = memoryFor(payload.length + 4);
  let size = put(payload, memory);
  // A character is four bytes at most: with less left, the text may have been cut off. One of ASCII never is.
  if (memory.bytes.length - memory.start - size < 4) {
    memory = memoryFor(Buffer.byteLength(payload));
    size = put(payload, memory);
  }

  const { bytes, words, start } = memory;
  // Mask and payload are words in the same order of bytes, whichever it is. The last one may reach beyond the
  // payload, into bytes that are not written.
  let word = start / 4;
  words[word - 1] = mask;
  for (const end = word + whole(size) / 4; word < end; word++) {
    words[word] = (words[word] as number) ^ mask;
  }
  memory.start = word * 4 + headroom;

  const extended = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const header = start - 6 - extended;
  bytes[header] = 0x80 | opcode;
  bytes[header + 1] = 0x80 | (extended === 0 ? size : extended === 2 ? 126 : 127);
  if (extended === 2) bytes.writeUInt16BE(size, header + 2);
  if (extended === 8) bytes.writeBigUInt64BE(BigInt(size), header + 2);
  socket.write(bytes.subarray(header, start + size), written);
  return size;
}

/** Bytes up to the end of a word. Fractions would be objects, until the engine has optimized them away. */
function whole(size: number): number {
  return size + (-size & 3);
}

/** Memory that has room for a payload of `size` bytes. */
function memoryFor(size: number): Memory {
  const room = whole(size);
  if (size > short) return allocate(headroom + room);
  if (!pool || pool.start + room > shared) pool = allocate(shared);
  return pool;
}

function allocate(size: number): Memory {
  const bytes = Buffer.allocUnsafeSlow(size);
  return { bytes, words: new Int32Array(bytes.buffer), start: headroom };
}

/** Returns how many bytes it has put there. */
function put(payload: Message, { bytes, start }: Memory): number {
  // Lone surrogates become U+FFFD.
  if (typeof payload === "string") return bytes.write(payload, start);
  bytes.set(payload, start);
  return payload.length;
}
