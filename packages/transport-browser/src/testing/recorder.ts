import type {
  CloseInfo,
  ConnectError,
  ConnectionListener,
  ConnectRequest,
  Message,
  OpenInfo,
} from "@stream-tungstenite/core";

/** All that a listener was told, in order. */
export class Recorder implements ConnectionListener {
  readonly calls: string[] = [];
  readonly messages: Message[] = [];
  info: OpenInfo | undefined;
  closed: CloseInfo | undefined;

  /** The error of a dial that failed. */
  get error(): ConnectError {
    return this.closed?.error as ConnectError;
  }

  onOpen(info: OpenInfo): void {
    this.calls.push("open");
    this.info = info;
  }
  onMessage(message: Message): void {
    this.calls.push("message");
    this.messages.push(message);
  }
  onClose(close: CloseInfo): void {
    this.calls.push("close");
    this.closed = close;
  }
  onDrain(): void {
    this.calls.push("drain");
  }
  onPong(): void {
    this.calls.push("pong");
  }
  onActivity(): void {
    this.calls.push("activity");
  }
}

/** A request as the client makes it. */
export function request(given: Partial<ConnectRequest> = {}): ConnectRequest {
  return {
    url: "ws://user:hunter2@host.test/feed?token=s3cret",
    protocols: [],
    noDelay: true,
    highWaterMark: 100,
    attempt: 0,
    signal: new AbortController().signal,
    ...given,
  };
}
