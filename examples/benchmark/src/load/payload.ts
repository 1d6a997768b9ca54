import { Buffer } from "node:buffer";
import { deflateRawSync } from "node:zlib";
import type { Data, Dialect } from "../task.ts";
import { frame, opcodes } from "./frame.ts";

/**
 * Text of `size` characters of ASCII, about as compressible as a feed of prices: always the same, and
 * without characters that JSON escapes.
 */
export function payloadText(size: number): string {
  let text = "";
  let seed = 1;
  while (text.length < size) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += `price=${seed % 100_000} volume=${(seed >>> 8) % 1_000} `;
  }
  return text.slice(0, size);
}

/** What a message of that dialect looks like on the wire. */
export function wrap(dialect: Dialect, text: string): string {
  if (dialect === "graphql") {
    return `{"id":"1","type":"next","payload":{"data":{"text":"${text}"}}}`;
  }
  return dialect === "socket.io" ? `42["m","${text}"]` : text;
}

/** The frame that the server sends, encoded once. */
export function serverFrame(data: Data, dialect: Dialect, size: number, deflate: boolean): Buffer {
  const payload = Buffer.from(wrap(dialect, payloadText(size)));
  const opcode = opcodes[data];
  if (!deflate) return frame(opcode, payload);
  // Without the four bytes at the end (RFC 7692 §7.2.1). Each is complete in itself: no context is taken over.
  const compressed = deflateRawSync(payload, { finishFlush: 2 }).subarray(0, -4);
  return frame(opcode, compressed, { compressed: true });
}
