import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";

/** Gets one whole message: the bytes of `chunk` from `start` up to `end`. */
export type Deliver = (chunk: Buffer, start: number, end: number, isBinary: boolean) => void;

type DataListener = (this: Duplex, chunk: Buffer) => void;

/**
 * Reads messages straight from what the socket below an open `WebSocket` of `ws` receives. `ws` makes
 * four buffers for each, which bounds how fast it reads; so it gets what is left:
 *
 * ```
 * ...frame | message | message | ping | message | fra...   one chunk
 * \_ ws __/ \_____ taken ____/ \__________ ws _________/
 * ```
 *
 * Taken are messages of one frame that came whole. From the first other frame on the chunk is left to
 * `ws`, so that order holds and nothing behind a forbidden frame is delivered: `ws` tells of it in a later
 * tick. Here what it gets is only walked over, to know where the next chunk's first frame begins. `ws` gets
 * every byte of the frames it gets, at once: nothing waits here.
 *
 * `undefined` if others read the socket too.
 */
export function takeFrames(
  socket: Duplex,
  maxPayload: number,
  deliver: Deliver,
): FrameIntake | undefined {
  const [forward, ...others] = socket.listeners("data") as DataListener[];
  return forward && others.length === 0
    ? new FrameIntake(socket, forward, maxPayload, deliver)
    : undefined;
}

export class FrameIntake {
  readonly #socket: Duplex;
  /** The listener of `ws`. */
  readonly #forward: DataListener;
  readonly #maxPayload: number;
  readonly #deliver: Deliver;
  /** Bytes still to come of the frame that `ws` is reading. */
  #left = 0;
  /** The start of a header that the end of the last chunk cut; `ws` has it too. */
  #cut: Buffer | undefined;
  /** Bytes so far of the fragmented message that `ws` is reading, if it is. */
  #fragments: number | undefined;
  #isTaking = true;

  constructor(socket: Duplex, forward: DataListener, maxPayload: number, deliver: Deliver) {
    this.#socket = socket;
    this.#forward = forward;
    this.#maxPayload = maxPayload;
    this.#deliver = deliver;
    socket.on("data", this.#push);
    socket.off("data", forward);
    // What a paused socket still holds then, `ws` reads itself, and reading emits 'data'.
    socket.prependListener("close", this.detach);
  }

  /** Leaves all that comes from now on to `ws`, in the middle of a chunk too. */
  stop(): void {
    if (!this.#isTaking) return;
    this.#isTaking = false;
    this.#socket.on("data", this.#forward);
    this.detach();
  }

  /** For when `ws` has stopped reading, which it does by removing its own listener. */
  readonly detach = (): void => {
    this.#isTaking = false;
    this.#socket.off("data", this.#push);
  };

  readonly #push = (chunk: Buffer): void => {
    let at = 0;
    if (!this.#cut && this.#fragments === undefined && this.#left < chunk.length) {
      at = this.#left;
      if (at > 0) this.#leave(chunk.subarray(0, at));
      // `ws` also pauses when it has found an error, behind which nothing may be taken.
      if (at === 0 || !this.#socket.isPaused()) at = this.#take(chunk, at);
    }
    if (at < chunk.length) this.#leave(at > 0 ? chunk.subarray(at) : chunk);
  };

  /** Takes whole messages from `at` on, and says where that ends. */
  #take(chunk: Buffer, at: number): number {
    const { length } = chunk;
    let next = at;
    // A listener of the last message may have stopped it. Less than 4 bytes may be half a header.
    while (this.#isTaking && next + 4 <= length) {
      const first = chunk[next];
      // RFC 6455 §5.2: FIN, no extension's bits, text or binary.
      if (first !== 0x81 && first !== 0x82) break;
      let start = next + 2;
      let size = chunk[next + 1] as number;
      if (size === 126) {
        size = chunk.readUInt16BE(start);
        start += 2;
      } else if (size > 126) break; // Masked, which a server must not (§5.1), or longer than a chunk.
      const end = start + size;
      if (end > length || size > this.#maxPayload) break;
      this.#deliver(chunk, start, end, first === 0x82);
      next = end;
    }
    return next;
  }

  #leave(bytes: Buffer): void {
    // Before `ws` reads it: then `ws` can remove its own listener as ever.
    if (this.#isTaking && !this.#walk(bytes)) this.stop();
    this.#forward.call(this.#socket, bytes);
  }

  /** Whether messages may be taken behind the frames of `left`: not after a close or a forbidden frame. */
  #walk(left: Buffer): boolean {
    const bytes = this.#cut ? Buffer.concat([this.#cut, left]) : left;
    this.#cut = undefined;
    let at = this.#left;
    while (at < bytes.length) {
      const first = bytes[at] as number;
      const second = bytes[at + 1] ?? 0;
      // RFC 6455 §5.2: bits of extensions, of which there are none; §5.1: servers do not mask.
      if (first & 0x70 || second & 0x80) return false;
      const opcode = first & 0x0f;
      const isControl = opcode > 7;
      // §5.5: a ping or pong, not fragmented, of 125 bytes at most. §5.4: text or binary begins a message,
      // a continuation goes on with it.
      const isFit = isControl
        ? (first === 0x89 || first === 0x8a) && second < 126
        : opcode < 3 && (opcode === 0) === (this.#fragments !== undefined);
      if (!isFit) return false;
      const header = second < 126 ? 2 : second === 126 ? 4 : 10;
      if (at + header > bytes.length) {
        // A copy, which holds on to no chunk.
        this.#cut = Buffer.from(bytes.subarray(at));
        this.#left = 0;
        return true;
      }
      let size = second;
      if (header === 4) size = bytes.readUInt16BE(at + 2);
      if (header === 10) size = bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
      if (!isControl) {
        const message = (this.#fragments ?? 0) + size;
        if (message > this.#maxPayload) return false;
        this.#fragments = first & 0x80 ? undefined : message;
      }
      at += header + size;
    }
    this.#left = at - bytes.length;
    return true;
  }
}
