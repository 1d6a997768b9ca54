import { byteLength, type Message } from "../message.ts";
import type { CloseInfo, ConnectionListener, ConnectRequest, OpenInfo } from "../transport.ts";
import { Downlink } from "./downlink.ts";
import { Uplink } from "./uplink.ts";

/** What the server's end of a socket is told. */
export interface SocketPeer {
  arrived(message: Message): void;
  pinged(payload: Uint8Array): void;
  ponged(payload: Uint8Array): void;
  closing(code: number, reason: string): void;
  /** The client's end is gone: nothing more can come. */
  gone(): void;
}

const lost: CloseInfo = { code: 1006, reason: "", wasClean: false };

/**
 * A socket between the client and a peer in memory:
 *
 * ```text
 *              ┌─── uplink ───►┐
 *  Connection ─┤  MemorySocket ├─ MemoryPeer
 *              └◄── downlink ──┘
 * ```
 */
export class MemorySocket {
  readonly request: ConnectRequest;
  readonly listener: ConnectionListener;
  readonly uplink: Uplink;
  readonly downlink: Downlink = new Downlink();
  #peer: SocketPeer | undefined;
  /** Called when the dial is over, one way or the other. */
  onDialed: () => void = () => {};
  readonly #onEnd: () => void;
  #state: "dialing" | "open" | "closing" | "closed" = "dialing";
  #deaf = false;

  /** `onEnd` is called once, when the client's end is gone. */
  constructor(request: ConnectRequest, listener: ConnectionListener, onEnd: () => void) {
    this.request = request;
    this.listener = listener;
    this.#onEnd = onEnd;
    this.uplink = new Uplink(request.highWaterMark, () => {
      this.downlink.signal(() => listener.onDrain());
    });
  }

  get state(): "dialing" | "open" | "closing" | "closed" {
    return this.#state;
  }

  open(peer: SocketPeer, info: OpenInfo): void {
    this.#peer = peer;
    this.downlink.post(() => {
      this.#state = "open";
      this.onDialed();
      this.listener.onOpen(info);
    });
  }

  /** Nothing that the peer does reaches the client any more. */
  deafen(): void {
    this.#deaf = true;
  }

  /** A frame for the client. */
  deliver(frame: () => void): void {
    if (!this.#deaf) this.downlink.deliver(frame);
  }

  /** The last that the peer does: the client learns of it in its turn, behind what was sent before. */
  finish(close: CloseInfo = lost): void {
    this.deliver(() => {
      this.downlink.end();
      this.#ended(close);
      this.listener.onClose(close);
    });
  }

  /** Ended from the client's side, or before it was open: what is under way is lost. */
  abort(error?: unknown): void {
    if (this.#state === "closed") return;
    const close = error === undefined ? lost : { ...lost, error };
    this.downlink.cut(() => this.listener.onClose(close));
    this.#ended(close);
  }

  send(message: Message): number {
    if (this.#state !== "open") {
      throw new Error(`The message was not taken: the connection is ${this.#state}`);
    }
    const bytes = byteLength(message);
    if (this.uplink.flows) this.#peer!.arrived(message);
    else this.uplink.hold(bytes, () => this.#peer!.arrived(message));
    return bytes;
  }

  ping(payload: Uint8Array): void {
    if (payload.byteLength > 125) {
      throw new RangeError(`A ping takes at most 125 bytes, not ${payload.byteLength}`);
    }
    if (this.#state === "open") this.control(() => this.#peer!.pinged(payload));
  }

  close(code: number, reason: string): void {
    if (this.#state === "dialing") this.abort();
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.control(() => this.#peer!.closing(code, reason));
  }

  /** A control frame for the peer, behind what is buffered. */
  control(arrive: () => void): void {
    if (this.uplink.flows) arrive();
    else this.uplink.hold(0, arrive);
  }

  #ended(close: CloseInfo): void {
    if (this.#state === "dialing") this.onDialed();
    this.#state = "closed";
    this.uplink.end(
      new Error(`The connection ended before all was sent: close code ${close.code}`),
    );
    this.#onEnd();
    this.#peer?.gone();
  }
}
