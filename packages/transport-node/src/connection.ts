import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import {
  NotConnectedError,
  type CloseInfo,
  type Connection,
  type ConnectionListener,
  type ConnectPhase,
  type ConnectRequest,
  type Message,
} from "@stream-tungstenite/core";
import { WebSocket } from "ws";
import { clock } from "./clock.ts";
import { closeCodeOf, invalidUtf8 } from "./close-code.ts";
import { Dial } from "./dial.ts";
import { takeFrames, type FrameIntake } from "./frame-intake.ts";
import { writeFrame } from "./frame-writer.ts";
import { nextMaskOf, type NextMask } from "./masks.ts";
import type { NodeSocket, SocketOwner } from "./node-socket.ts";
import { Outbox } from "./outbox.ts";
import type { Settings } from "./settings.ts";
import { decodeUtf8 } from "./utf8.ts";

/** Milliseconds for the server's answer when the connection fails for a fault of the server's. */
const answerTime = 1_000;

/** One dial and the socket that comes of it. */
export class NodeConnection implements Connection, SocketOwner {
  readonly #listener: ConnectionListener;
  readonly #highWaterMark: number;
  readonly #nextMask: NextMask;
  /** Until open. */
  #dial: Dial | undefined;
  #ws: NodeSocket | undefined;
  /** The socket below, where `ws` shows it: not on Bun. */
  #socket: Socket | undefined;
  /** From the first message on. */
  #outbox: Outbox | undefined;
  /** From open on, where messages need not come through `ws`. */
  #intake: FrameIntake | undefined;
  /** The first error, which is why the rest happened. */
  #error: unknown;
  #isClosing = false;
  #ended = false;
  #cancel: (() => void) | undefined;

  constructor(request: ConnectRequest, listener: ConnectionListener, settings: Settings) {
    this.#listener = listener;
    this.#highWaterMark = request.highWaterMark;
    this.#nextMask = nextMaskOf(settings.ws);
    const abort = (): void => {
      this.#fail(request.signal.reason);
      this.terminate();
    };
    const dial = new Dial(request, settings, abort);
    this.#dial = dial;
    const follow = (ws: NodeSocket): void => {
      this.#ws = ws;
      ws.owner = this;
      // Given up by the application's own `finishRequest`.
      if (request.signal.aborted) this.terminate();
    };
    const failed = (error: unknown): void => {
      this.#fail(error);
      this.#end(1006, "");
    };
    try {
      dial.start(follow)?.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  get phase(): ConnectPhase {
    return this.#dial?.trace.phase ?? "upgrade";
  }

  get bufferedAmount(): number {
    return this.#outbox?.bufferedAmount ?? 0;
  }

  send(message: Message): number {
    // `ws` itself would discard the message without a word.
    if (this.#ws?.readyState !== WebSocket.OPEN) {
      throw new NotConnectedError("The connection is not open");
    }
    this.#outbox ??= new Outbox(
      this.#ws,
      this.#socket,
      this.#nextMask,
      this.#highWaterMark,
      this.#listener,
    );
    return this.#outbox.send(message);
  }

  close(code: number, reason: string): void {
    if (this.#dial) {
      this.terminate();
      return;
    }
    this.#outbox?.release();
    this.#isClosing = true;
    this.#ws?.close(code, reason);
  }

  terminate(): void {
    if (this.#ended) return;
    this.#ignoreFrames();
    this.#dial?.giveUp();
    this.#ws?.terminate();
  }

  ping(payload?: Uint8Array): void {
    this.#outbox?.release();
    const ws = this.#ws;
    // In one piece, where `ws` would make two and a callback.
    if (this.#socket && ws?.extensions === "" && ws.readyState === WebSocket.OPEN) {
      writeFrame(this.#socket, 9, payload ?? nothing, this.#nextMask);
    } else ws?.ping(payload);
  }

  pause(): void {
    this.#ws?.pause();
    // A socket that lends what it reads would not even notice its end: let it read on, into the stream.
    this.#socket?.read(0);
  }

  resume(): void {
    this.#ws?.resume();
  }

  flush(): Promise<void> {
    return this.#outbox?.flush() ?? Promise.resolve();
  }

  onUpgrade({ socket }: IncomingMessage): void {
    if (typeof socket?.cork === "function") this.#socket = socket;
  }

  onRefusal(response: IncomingMessage): void {
    const { trace } = this.#dial!;
    // Loaded when a server refuses: few do.
    const failed = (error: unknown): void => this.#fail(error);
    import("./refusal.ts")
      .then(({ readRefusal }) => readRefusal(response, trace, clock))
      .then(failed, failed)
      .finally(() => this.#ws!.terminate());
  }

  onOpen(): void {
    const { request, settings, reads } = this.#dial!;
    const socket = this.#socket;
    this.#dial!.end();
    this.#dial = undefined;
    // `ws` has switched it on.
    if (!request.noDelay) socket?.setNoDelay?.(false);
    const { keepAlive, ws: options } = settings;
    if (typeof keepAlive === "number") socket?.setKeepAlive?.(true, keepAlive);
    // Where `ws` itself delivers later, messages taken before it would overtake others.
    if (socket && options.allowSynchronousEvents !== false) {
      this.#intake = takeFrames(socket, options.maxPayload, this, reads);
    }
    const { protocol, extensions } = this.#ws!;
    this.#listener.onOpen({ protocol, extensions });
  }

  onMessage(chunk: Buffer, start: number, end: number, isBinary: boolean): void {
    const size = end - start;
    if (isBinary) {
      // Not a `Buffer`, whose `slice` and `toString` differ from those of other transports' bytes.
      const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset + start, size);
      this.#listener.onMessage(bytes, size);
      return;
    }
    const text = decodeUtf8(chunk, start, end);
    if (text !== undefined) this.#listener.onMessage(text, size);
    else this.#failWith(invalidUtf8("text message"));
  }

  onPing(): void {
    if (this.#isClosing) return;
    // The answer must not wait for the turn's end: when many do, `ws` hangs up.
    this.#outbox?.release();
    this.#listener.onActivity();
    // It does so without a word.
    if (this.#ws?.isTerminated) this.#fail(new Error("Too many pings to answer"));
  }

  onPong(payload: Uint8Array): void {
    this.#listener.onPong(payload);
  }

  onError(error: unknown): void {
    // Whatever it was, `ws` takes no more.
    this.#intake?.detach();
    this.#fail(error);
  }

  onClose(code: number, reason: Buffer): void {
    const text = decodeUtf8(reason);
    if (text === undefined) this.#fail(invalidUtf8("close reason"));
    // `ws` ends the connection without saying why.
    else if (this.#socket?.errored) this.#fail(this.#socket.errored);
    this.#end(code, text ?? "");
  }

  #fail(error: unknown): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    // `ws` would wait half a minute for a server that does not answer the close frame.
    if (!this.#dial) this.#cancel = clock.schedule(answerTime, () => this.terminate());
  }

  /** Fails the connection (RFC 6455 §7.1.7): tells the server why and takes no more from it. */
  #failWith(error: Error): void {
    this.#fail(error);
    this.#ignoreFrames();
    this.#outbox?.release();
    this.#ws?.close(closeCodeOf(error), error.message);
  }

  #ignoreFrames(): void {
    this.#intake?.stop();
    if (this.#ws) this.#ws.isDeaf = true;
  }

  #end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancel?.();
    const dial = this.#dial;
    dial?.end();
    if (!dial) {
      const close = closeOf(code, reason, this.#error);
      this.#outbox?.end(close);
      this.#listener.onClose(close);
      return;
    }
    // Loaded when a dial fails; without it what failed has to do as it is.
    void import("./failure.ts")
      .then(
        ({ connectFailure }) => connectFailure(this.#error, dial.trace),
        () => this.#error,
      )
      .then((error) => this.#listener.onClose({ ...lost, error }));
  }
}

const nothing = new Uint8Array();

const lost: CloseInfo = { code: 1006, reason: "", wasClean: false };

/** Our own reason to fail outweighs the close frame that answered it; a reset after one is nothing. */
function closeOf(code: number, reason: string, error: unknown): CloseInfo {
  const own = error === undefined ? 1006 : closeCodeOf(error);
  if (own === 1006 && code !== 1006) return { code, reason, wasClean: true };
  return error === undefined ? lost : { ...lost, code: own, error };
}
