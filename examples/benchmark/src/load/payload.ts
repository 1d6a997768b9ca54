import { Buffer } from "node:buffer";
import { deflateRawSync } from "node:zlib";
import type { Data, Dialect } from "../task.ts";
import { frame, opcodes } from "./frame.ts";
import { payloadText } from "./payload-text.ts";

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
