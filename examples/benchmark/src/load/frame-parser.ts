import { Buffer } from "node:buffer";

/** A frame that a client sent. `payload` is null where nobody asked to keep it. */
export type OnFrame = (opcode: number, payload: Buffer | null, compressed: boolean) => void;

const nothing = Buffer.alloc(0);

/**
 * Finds the frames in what a client sends. Payloads are skipped unless they are to be kept, so that
 * counting messages costs the server less than sending them costs the client.
 */
export class FrameParser {
  readonly #onFrame: OnFrame;
  readonly #keep: boolean;
  /** The beginning of a header whose rest has not arrived. */
  #head: Buffer = nothing;
  /** Bytes of payload that are missing; -1 between two frames. */
  #left = -1;
  #pieces: Buffer[] = [];
  #first = 0;
  #mask = 0;

  /** Control frames keep their payload in any case. */
  constructor(onFrame: OnFrame, keep: boolean) {
    this.#onFrame = onFrame;
    this.#keep = keep;
  }

  push(chunk: Buffer): void {
    const bytes = this.#head.length > 0 ? Buffer.concat([this.#head, chunk]) : chunk;
    this.#head = nothing;
    let at = 0;
    for (;;) {
      if (this.#left < 0) {
        const size = headerSize(bytes, at);
        if (at + size > bytes.length) {
          this.#head = Buffer.from(bytes.subarray(at));
          return;
        }
        this.#open(bytes, at, size);
        at += size;
      }
      const end = Math.min(at + this.#left, bytes.length);
      if (this.#isKept) this.#pieces.push(bytes.subarray(at, end));
      this.#left -= end - at;
      at = end;
      if (this.#left > 0) return;
      this.#left = -1;
      this.#finish();
    }
  }

  get #isKept(): boolean {
    return this.#keep || (this.#first & 0x08) !== 0;
  }

  #open(bytes: Buffer, at: number, size: number): void {
    this.#first = bytes[at]!;
    const short = bytes[at + 1]! & 0x7f;
    this.#left =
      short < 126
        ? short
        : short === 126
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    this.#mask = bytes.readUInt32BE(at + size - 4);
  }

  #finish(): void {
    const opcode = this.#first & 0x0f;
    const compressed = (this.#first & 0x40) !== 0;
    if (!this.#isKept) return this.#onFrame(opcode, null, compressed);
    const payload = Buffer.concat(this.#pieces);
    this.#pieces = [];
    unmask(payload, this.#mask);
    this.#onFrame(opcode, payload, compressed);
  }
}

/** Bytes of a client's frame header, or more than there are when it is incomplete. */
function headerSize(bytes: Buffer, at: number): number {
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  return short < 126 ? 6 : short === 126 ? 8 : 14;
}

/** RFC 6455 §5.3. */
function unmask(payload: Buffer, mask: number): void {
  const key = [mask >>> 24, (mask >>> 16) & 0xff, (mask >>> 8) & 0xff, mask & 0xff];
  for (let i = 0; i < payload.length; i++) payload[i]! ^= key[i & 3]!;
}
