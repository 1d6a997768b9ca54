import type { Buffer } from "node:buffer";
import { WebSocket } from "ws";
import type { FrameSink } from "./frame-intake.ts";

/** Is told what happens on a `NodeSocket`. */
export interface SocketOwner extends FrameSink {
  onPing(): void;
  onError(error: Error): void;
  onClose(code: number, reason: Buffer): void;
}

/**
 * A `WebSocket` of `ws` that knows its owner, so that all share the functions that listen: functions of
 * its own would cost each 500 bytes.
 */
export class NodeSocket extends WebSocket {
  owner: SocketOwner | undefined;
  isTerminated = false;

  /** For when there is a socket. */
  follow(owner: SocketOwner): void {
    this.owner = owner;
    this.on("error", onError).on("close", onClose);
  }

  /** Called by `ws` too: instead of answering a ping, when too many answers wait to be written. */
  override terminate(): void {
    this.isTerminated = true;
    super.terminate();
  }

  /** For when it is open. */
  read(): void {
    this.on("message", onMessage).on("ping", onPing).on("pong", onPong);
  }
}

function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  const { length } = data as Buffer;
  (this as NodeSocket).owner?.onMessage(data as Buffer, 0, length, isBinary);
}

function onPing(this: WebSocket): void {
  (this as NodeSocket).owner?.onPing();
}

function onPong(this: WebSocket, payload: Buffer): void {
  (this as NodeSocket).owner?.onPong(payload);
}

function onError(this: WebSocket, error: Error): void {
  (this as NodeSocket).owner?.onError(error);
}

function onClose(this: WebSocket, code: number, reason: Buffer): void {
  (this as NodeSocket).owner?.onClose(code, reason);
}
