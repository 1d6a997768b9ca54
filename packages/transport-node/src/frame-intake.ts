import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";
import { copyOf, type ChunkTaker, type LentReads } from "./lent-reads.ts";

/** Gets whole messages, and pongs. */
export interface FrameSink {
  /**
   * A message is the bytes of `chunk` from `start` up to `end`. Those of a text may be overwritten when
   * this has returned.
   */
  onMessage(chunk: Buffer, start: number, end: number, isBinary: boolean): void;
  onPong(payload: Uint8Array): void;
}

type DataListener = (this: Duplex, chunk: Buffer) => void;

/**
 * Bytes of the longest frame that is gathered here. There is memory for all of it as soon as its header
 * has come, so a server that only announces frames could make the client set aside as much.
 */
const longest = 4_194_304;

/**
 * Reads messages straight from what the socket below an open `WebSocket` of `ws` receives. `ws` makes
 * four buffers for each, which bounds how fast it reads; so it gets what is left:
 *
 * ```
 * ...ssage | message | pong | ping | message | fra...   one chunk
 * \_______ taken __________/ \__________ ws ________/
 * ```
 *
 * Taken are messages of one frame, and pongs that came whole. From the first other frame on the chunk is left to
 * `ws`, so that order holds and nothing behind a forbidden frame is taken: `ws` tells of it in a later
 * tick. (Nothing is delivered either, except by `ws` itself while it inflates what came before.) Here what it
 * gets is only walked over, to know where the next chunk's first frame begins. `ws` gets every byte of the
 * frames it gets, at once: only the beginning of a message that is taken waits here.
 *
 * `undefined` if others read the socket too.
 */
export function takeFrames(
  socket: Duplex,
  maxPayload: number,
  sink: FrameSink,
  reads?: LentReads,
): FrameIntake | undefined {
  const [forward, another] = socket.listeners("data") as DataListener[];
  if (!forward || another) return undefined;
  return new FrameIntake(socket, forward, maxPayload, sink, reads);
}

export class FrameIntake implements ChunkTaker {
  readonly #socket: Duplex;
  /** The listener of `ws`. */
  readonly #forward: DataListener;
  readonly #maxPayload: number;
  readonly #sink: FrameSink;
  readonly #reads: LentReads | undefined;
  /** Bytes still to come of the frame that `ws` is reading. */
  #left = 0;
  /** The start of a header that the end of the last chunk cut; `ws` has it too. */
  #cut: Buffer | undefined;
  /** The frame that is being taken, and what has come of it. */
  #frame: Buffer | undefined;
  #filled = 0;
  /** Bytes so far of the fragmented message that `ws` is reading, if it is. */
  #fragments: number | undefined;
  #isTaking = true;

  constructor(
    socket: Duplex,
    forward: DataListener,
    maxPayload: number,
    sink: FrameSink,
    reads: LentReads | undefined,
  ) {
    this.#socket = socket;
    this.#forward = forward;
    this.#maxPayload = maxPayload;
    this.#sink = sink;
    this.#reads = reads;
    socket.on("data", this.#push);
    socket.off("data", forward);
    if (reads) reads.taker = this;
  }

  /**
   * Leaves all that comes from now on to `ws`, in the middle of a chunk too. If `ws` is to find an error or
   * a close frame, before it reads that: then it can remove its own listener as ever.
   */
  stop(): void {
    if (!this.#isTaking) return;
    this.#socket.on("data", this.#forward);
    this.detach();
    this.#handBack();
  }

  /** For when `ws` has stopped reading, which it does by removing its own listener. */
  detach(): void {
    this.#isTaking = false;
    this.#socket.off("data", this.#push);
    if (this.#reads) this.#reads.taker = undefined;
  }

  take(memory: Buffer, length: number): void {
    this.#read(memory, length, true);
  }

  readonly #push = (chunk: Buffer): void => {
    if (!this.#socket.destroyed) return this.#read(chunk, chunk.length, false);
    // What a paused socket still holds when it closes, `ws` itself reads, which emits 'data', and parses.
    this.detach();
    this.#handBack();
  };

  /** Reads the first `length` bytes, which, when they are lent, are overwritten when this has returned. */
  #read(bytes: Buffer, length: number, isLent: boolean): void {
    let at = this.#left;
    // Where that begins which `ws` gets.
    let rest = 0;
    let takes = true;
    if (this.#cut) {
      // `ws` has this already, and gets all that follows it.
      rest = this.#cut.length;
      bytes = Buffer.concat([this.#cut, bytes.subarray(0, length)]);
      length = bytes.length;
      isLent = false;
      takes = false;
      this.#cut = undefined;
    } else if (at > 0) {
      rest = Math.min(at, length);
      this.#give(bytes, 0, rest, isLent);
      // `ws` pauses when it has found an error, too, behind which nothing may be taken.
      takes = !this.#socket.isPaused();
    }
    try {
      if (this.#frame) {
        const frame = this.#frame;
        rest = at = bytes.copy(frame, this.#filled, 0, length);
        this.#filled += at;
        if (this.#filled < frame.length) return;
        this.#frame = undefined;
        const start = headerLength(frame[1] as number);
        this.#sink.onMessage(frame, start, frame.length, frame[0] === 0x82);
      }
      // A listener may stop it.
      while (this.#isTaking && at < length) {
        const first = bytes[at] as number;
        const second = at + 1 < length ? (bytes[at + 1] as number) : 0;
        const opcode = first & 0x0f;
        const isControl = opcode > 7;
        const start = at + headerLength(second);
        // RFC 6455 §5.5: pings and pongs are not fragmented and have 125 bytes at most; a close frame ends all.
        // §5.2: no bits of extensions: `ws` decodes what is compressed in a later turn, and what is taken
        // would overtake it. §5.4: a continuation goes on with a message, others begin one. §5.1: a server
        // does not mask.
        const isFit = isControl
          ? (first === 0x89 || first === 0x8a) && second < 126
          : (first & 0x70) === 0 &&
            opcode < 3 &&
            (opcode === 0) === (this.#fragments !== undefined) &&
            second < 128;
        if (!isFit) {
          this.stop();
          break;
        }
        if (start > length) {
          // A copy, which holds on to no chunk.
          this.#cut = Buffer.from(bytes.subarray(at, length));
          break;
        }
        let size = second;
        if (second === 126) size = bytes.readUInt16BE(at + 2);
        else if (second === 127) size = Number(bytes.readBigUInt64BE(at + 2));
        const message = isControl ? 0 : (this.#fragments ?? 0) + size;
        if (message > this.#maxPayload) {
          this.stop();
          break;
        }
        const end = start + size;
        const isWhole = end <= length;
        takes &&= first === 0x8a ? isWhole : (first === 0x81 || first === 0x82) && size <= longest;
        if (!takes) {
          if (!isControl) this.#fragments = first & 0x80 ? undefined : message;
        } else if (isWhole) {
          rest = end;
          if (isControl) {
            const payload = new Uint8Array(size);
            for (let i = 0; i < size; i++) payload[i] = bytes[start + i] as number;
            this.#sink.onPong(payload);
          } else {
            if (isLent && opcode === 2) {
              bytes = copyOf(bytes, 0, length);
              isLent = false;
            }
            this.#sink.onMessage(bytes, start, end, opcode === 2);
          }
        } else {
          rest = length;
          this.#frame = Buffer.allocUnsafeSlow(end - at);
          this.#filled = bytes.copy(this.#frame, 0, at, length);
          break;
        }
        at = end;
      }
    } catch (error) {
      // Thrown by the sink. Where the next chunk's first frame begins is not known: `ws` reads on.
      this.stop();
      throw error;
    } finally {
      this.#left = Math.max(0, at - length);
      if (rest < length) this.#give(bytes, rest, length, isLent);
    }
  }

  /** What of a message has come, for when it is not taken after all. */
  #handBack(): void {
    if (this.#frame) this.#give(this.#frame, 0, this.#filled, false);
    this.#frame = undefined;
  }

  #give(bytes: Buffer, start: number, end: number, isLent: boolean): void {
    const given = isLent ? copyOf(bytes, start, end) : bytes.subarray(start, end);
    this.#forward.call(this.#socket, given);
  }
}

/** Of an unmasked frame, by its second byte. */
function headerLength(second: number): number {
  if (second < 126) return 2;
  return second === 126 ? 4 : 10;
}
