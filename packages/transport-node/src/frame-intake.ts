import { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";

/** Gets whole messages. */
export interface MessageSink {
  /** A message is the bytes of `chunk` from `start` up to `end`. */
  onMessage(chunk: Buffer, start: number, end: number, isBinary: boolean): void;
}

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
 * `ws`, so that order holds and nothing behind a forbidden frame is taken: `ws` tells of it in a later
 * tick. (Nothing is delivered either, except by `ws` itself while it inflates what came before.) Here what it
 * gets is only walked over, to know where the next chunk's first frame begins. `ws` gets every byte of the
 * frames it gets, at once: nothing waits here.
 *
 * `undefined` if others read the socket too.
 */
export function takeFrames(
  socket: Duplex,
  maxPayload: number,
  sink: MessageSink,
): FrameIntake | undefined {
  const [forward, another] = socket.listeners("data") as DataListener[];
  if (!forward || another) return undefined;
  return new FrameIntake(socket, forward, maxPayload, sink);
}

export class FrameIntake {
  readonly #socket: Duplex;
  /** The listener of `ws`. */
  readonly #forward: DataListener;
  readonly #maxPayload: number;
  readonly #sink: MessageSink;
  /** Bytes still to come of the frame that `ws` is reading. */
  #left = 0;
  /** The start of a header that the end of the last chunk cut; `ws` has it too. */
  #cut: Buffer | undefined;
  /** Bytes so far of the fragmented message that `ws` is reading, if it is. */
  #fragments: number | undefined;
  #isTaking = true;

  constructor(socket: Duplex, forward: DataListener, maxPayload: number, sink: MessageSink) {
    this.#socket = socket;
    this.#forward = forward;
    this.#maxPayload = maxPayload;
    this.#sink = sink;
    socket.on("data", this.#push);
    socket.off("data", forward);
    // What a paused socket still holds when it closes, `ws` reads itself, and reading emits 'data'.
    socket.prependListener("close", () => this.detach());
  }

  /**
   * Leaves all that comes from now on to `ws`, in the middle of a chunk too. If `ws` is to find an error or
   * a close frame, before it reads that: then it can remove its own listener as ever.
   */
  stop(): void {
    if (!this.#isTaking) return;
    this.#socket.on("data", this.#forward);
    this.detach();
  }

  /** For when `ws` has stopped reading, which it does by removing its own listener. */
  detach(): void {
    this.#isTaking = false;
    this.#socket.off("data", this.#push);
  }

  readonly #push = (chunk: Buffer): void => {
    // Where that begins which `ws` gets. Behind a cut header it gets the whole chunk.
    let rest = 0;
    let takes = false;
    if (!this.#cut && this.#left < chunk.length) {
      rest = this.#left;
      if (rest > 0) this.#forward.call(this.#socket, chunk.subarray(0, rest));
      // `ws` pauses when it has found an error, too, behind which nothing may be taken.
      takes = !this.#socket.isPaused();
    }
    const bytes = this.#cut ? Buffer.concat([this.#cut, chunk]) : chunk;
    let at = this.#left;
    this.#cut = undefined;
    try {
      // A listener may stop it.
      while (this.#isTaking && at < bytes.length) {
        const first = bytes[at] as number;
        const second = bytes[at + 1] ?? 0;
        const opcode = first & 0x0f;
        const isControl = opcode > 7;
        const header = second < 126 ? 2 : second === 126 ? 4 : 10;
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
        if (at + header > bytes.length) {
          // A copy, which holds on to no chunk.
          this.#cut = Buffer.from(bytes.subarray(at));
          break;
        }
        let size = second;
        if (second > 125) {
          size = header < 9 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
        }
        const message = isControl ? 0 : (this.#fragments ?? 0) + size;
        if (message > this.#maxPayload) {
          this.stop();
          break;
        }
        const start = at + header;
        at = start + size;
        takes &&= (first === 0x81 || first === 0x82) && at <= bytes.length;
        if (takes) {
          rest = at;
          this.#sink.onMessage(bytes, start, at, opcode === 2);
        } else if (!isControl) this.#fragments = first & 0x80 ? undefined : message;
      }
    } catch (error) {
      // Thrown by the sink. Where the next chunk's first frame begins is not known: `ws` reads on.
      this.stop();
      throw error;
    } finally {
      this.#left = Math.max(0, at - bytes.length);
      if (rest < chunk.length) this.#forward.call(this.#socket, chunk.subarray(rest));
    }
  };
}
