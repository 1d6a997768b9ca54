import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { FrameParser } from "./frame-parser.ts";
import { frame, opcodes } from "./frame.ts";

type Seen = readonly [opcode: number, payload: string | null, compressed: boolean];

function parse(chunks: readonly Buffer[], keep = true): Seen[] {
  const seen: Seen[] = [];
  const parser = new FrameParser((opcode, payload, compressed) => {
    seen.push([opcode, payload === null ? null : payload.toString(), compressed]);
  }, keep);
  for (const chunk of chunks) parser.push(chunk);
  return seen;
}

/** As a client sends it, with a key that is not 0. */
function masked(text: string, opcode: number = opcodes.text): Buffer {
  const bytes = frame(opcode, Buffer.from(text), { masked: true });
  const at = bytes.length - Buffer.byteLength(text);
  const key = [1, 2, 3, 4];
  Buffer.from(key).copy(bytes, at - 4);
  for (let i = at; i < bytes.length; i++) bytes[i]! ^= key[(i - at) & 3]!;
  return bytes;
}

const texts = ["", "a", "b".repeat(125), "c".repeat(126), "d".repeat(65_535), "e".repeat(65_536)];

test("Frames of every length are found, however they are cut", () => {
  const bytes = Buffer.concat(texts.map((text) => masked(text)));
  const wanted = texts.map((text) => [opcodes.text, text, false]);
  expect(parse([bytes])).toEqual(wanted);
  for (const size of [1, 2, 7, 1_000]) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
    expect(parse(chunks)).toEqual(wanted);
  }
});

test("Payloads are skipped unless they are kept, those of control frames never", () => {
  const bytes = Buffer.concat([masked("message"), masked("ping", opcodes.ping)]);
  expect(parse([bytes], false)).toEqual([
    [opcodes.text, null, false],
    [opcodes.ping, "ping", false],
  ]);
});

test("A compressed frame is known as one", () => {
  const bytes = frame(opcodes.binary, Buffer.from("x"), { masked: true, compressed: true });
  expect(parse([bytes])).toEqual([[opcodes.binary, "x", true]]);
});
