import type { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import type { FrameSink } from "./frame-intake.ts";

/** Is told what happens on a `NodeSocket`. */
export interface SocketOwner extends FrameSink {
  /** The server has agreed; the socket is about to open. */
  onUpgrade(response: IncomingMessage): void;
  /** The server has answered, but not with 101. */
  onRefusal(response: IncomingMessage): void;
  onOpen(): void;
  onPing(): void;
  onError(error: unknown): void;
  onClose(code: number, reason: Buffer): void;
}

/**
 * A `WebSocket` of `ws` that tells its owner what happens: listeners for that many events would cost each
 * 600 bytes.
 */
export class NodeSocket extends WebSocket {
  owner: SocketOwner | undefined;
  /** Tells of no frames. */
  isDeaf = false;
  isTerminated = false;

  /** Called by `ws` too: instead of answering a ping, when too many answers wait to be written. */
  override terminate(): void {
    this.isTerminated = true;
    super.terminate();
  }

  /** Listeners of others, as of the option `finishRequest`, hear of it as ever, and first. */
  override emit(event: string | symbol, ...args: unknown[]): boolean {
    const isHeard = this.listenerCount(event) > 0 && super.emit(event, ...args);
    if (this.owner && tell(this, this.owner, event, args)) return true;
    // An error that nobody hears of is thrown.
    return isHeard || super.emit(event, ...args);
  }
}

/** False for what owners are not told. */
function tell(
  { isDeaf }: NodeSocket,
  owner: SocketOwner,
  event: string | symbol,
  [first, second]: readonly unknown[],
): boolean {
  switch (event) {
    case "message":
      if (!isDeaf) owner.onMessage(first as Buffer, 0, (first as Buffer).length, second as boolean);
      break;
    case "ping":
      if (!isDeaf) owner.onPing();
      break;
    case "pong":
      if (!isDeaf) owner.onPong(first as Buffer);
      break;
    case "upgrade":
      owner.onUpgrade(first as IncomingMessage);
      break;
    case "unexpected-response":
      owner.onRefusal(second as IncomingMessage);
      break;
    case "open":
      owner.onOpen();
      break;
    case "error":
      owner.onError(first);
      break;
    case "close":
      owner.onClose(first as number, second as Buffer);
      break;
    default:
      return false;
  }
  return true;
}
