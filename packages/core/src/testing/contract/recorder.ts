import { byteLength, type Message } from "../../message.ts";
import type { CloseInfo, ConnectionListener, OpenInfo } from "../../transport.ts";

interface Waiter {
  readonly what: string;
  readonly condition: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A listener that notes every call, and every call that the rules forbid. */
export class Recorder implements ConnectionListener {
  readonly messages: Message[] = [];
  readonly pongs: Uint8Array[] = [];
  /** The rules that were broken, each as a sentence. */
  readonly faults: string[] = [];
  opened: OpenInfo | undefined;
  closed: CloseInfo | undefined;
  activities = 0;
  drains = 0;
  /** What the client is inside of: no call may come meanwhile. */
  inside: string | undefined;
  /** After it nothing but `onClose` may come. */
  ended: string | undefined;
  /** Called inside `onMessage`, as a client would act there. */
  react: ((message: Message) => void) | undefined;
  /** Called inside `onDrain`, as a client would act there. */
  drained: (() => void) | undefined;
  readonly #waiters: Set<Waiter> = new Set();

  onOpen(info: OpenInfo): void {
    if (this.opened) this.faults.push("onOpen was called twice");
    this.#called("onOpen");
    this.opened = info;
    this.#wake();
  }

  onMessage(message: Message, bytes?: number): void {
    this.#called("onMessage", true);
    if (bytes !== undefined && bytes !== byteLength(message)) {
      this.faults.push(`onMessage said ${bytes} bytes of a message of ${byteLength(message)}`);
    }
    this.messages.push(message);
    if (!this.ended && !this.closed) this.#react(message);
    this.#wake();
  }

  onDrain(): void {
    this.#called("onDrain", true);
    this.drains++;
    this.drained?.();
    this.#wake();
  }

  onPong(payload: Uint8Array): void {
    this.#called("onPong", true);
    this.pongs.push(payload);
    this.#wake();
  }

  onActivity(): void {
    this.#called("onActivity", true);
    this.activities++;
    this.#wake();
  }

  onClose(close: CloseInfo): void {
    this.#called("onClose");
    this.closed ??= close;
    this.#wake();
  }

  /** Resolves when the condition holds, after some call; rejects when it never will. */
  until(what: string, condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.add({ what, condition, resolve, reject });
      this.#wake();
    });
  }

  /** How the connection ended, once it has. */
  async end(): Promise<CloseInfo> {
    await this.until("onClose", () => this.closed !== undefined);
    return this.closed!;
  }

  /** Must not throw into the transport, whose fault it may be but not whose case. */
  #react(message: Message): void {
    try {
      this.react?.(message);
    } catch (error) {
      this.faults.push(`inside onMessage: ${String(error)}`);
    }
  }

  #called(name: string, needsOpen = false): void {
    if (this.closed) this.faults.push(`${name} was called after onClose`);
    else if (this.inside) this.faults.push(`${name} was called inside ${this.inside}`);
    else if (this.ended && name !== "onClose") {
      this.faults.push(`${name} was called after ${this.ended}`);
    } else if (needsOpen && !this.opened) this.faults.push(`${name} was called before onOpen`);
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      const { what, condition, resolve, reject } = waiter;
      if (this.faults.length > 0) reject(new Error(this.faults.join("; ")));
      else if (condition()) resolve();
      else if (this.closed) {
        reject(new Error(`Closed with ${this.closed.code} while waiting for ${what}`));
      } else continue;
      this.#waiters.delete(waiter);
    }
  }
}
