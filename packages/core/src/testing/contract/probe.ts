import { byteLength, type Message } from "../../message.ts";
import type { Transport } from "../../plugin.ts";
import type { CloseInfo, Connection, ConnectRequest, OpenInfo } from "../../transport.ts";
import { check, same } from "./assert.ts";
import { Recorder } from "./recorder.ts";

/** One dial under observation: the connection's methods, watched for calls of the listener. */
export class Probe {
  readonly recorder: Recorder = new Recorder();
  readonly connection: Connection;

  constructor(transport: Transport, request: ConnectRequest) {
    this.connection = this.#in("connect", () => transport.connect(request, this.recorder));
  }

  get bufferedAmount(): number {
    return this.#in("bufferedAmount", () => this.connection.bufferedAmount);
  }

  async opened(): Promise<OpenInfo> {
    await this.recorder.until("onOpen", () => this.recorder.opened !== undefined);
    return this.recorder.opened!;
  }

  end(): Promise<CloseInfo> {
    return this.recorder.end();
  }

  /** The message of this number, counted from 0, once it is there. */
  async message(index: number): Promise<Message> {
    const { messages } = this.recorder;
    await this.recorder.until(`message ${index}`, () => messages.length > index);
    return messages[index]!;
  }

  send(message: Message): void {
    const bytes = this.#in("send", () => this.connection.send(message));
    if (typeof bytes === "number") same(bytes, byteLength(message), "the bytes that send returned");
  }

  close(code = 1000, reason = ""): void {
    if (!this.recorder.opened) this.recorder.ended ??= "close() before open";
    this.#in("close", () => this.connection.close(code, reason));
  }

  terminate(): void {
    this.recorder.ended ??= "terminate()";
    this.#in("terminate", () => this.connection.terminate());
  }

  ping(payload?: Uint8Array): void {
    check(this.connection.ping, "The connection has no ping");
    this.#in("ping", () => this.connection.ping!(payload));
  }

  pause(): void {
    check(this.connection.pause, "The connection has no pause");
    this.#in("pause", () => this.connection.pause!());
  }

  resume(): void {
    check(this.connection.resume, "The connection has no resume");
    this.#in("resume", () => this.connection.resume!());
  }

  flush(): Promise<void> {
    check(this.connection.flush, "The connection has no flush");
    return this.#in("flush", () => this.connection.flush!());
  }

  #in<T>(name: string, call: () => T): T {
    this.recorder.inside = name;
    try {
      return call();
    } finally {
      this.recorder.inside = undefined;
    }
  }
}
