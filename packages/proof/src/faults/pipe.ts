import type { Socket } from "node:net";
import type { Clock } from "@stream-tungstenite/core";

/** How bytes pass. */
export interface Traffic {
  /** Milliseconds. */
  latency: number;
  /** Bytes a second; 0 is no limit. */
  rate: number;
  stalled: boolean;
}

/** Bytes held before reading stops. */
const most = 65_536;
/** Milliseconds between the portions of a limited rate. */
const portionTime = 20;

/** One direction of a proxied connection. */
export class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #traffic: Traffic;
  readonly #clock: Clock;
  /** `null` is the end. */
  readonly #held: { readonly due: number; readonly bytes: Buffer | null }[] = [];
  #size = 0;
  /** A timer or a full socket will call `pump`. */
  #isWaiting = false;
  #isFinished = false;
  #cut: { left: number; readonly done: () => void } | undefined;
  #cancel = (): void => {};

  constructor(from: Socket, to: Socket, traffic: Traffic, clock: Clock) {
    this.#from = from;
    this.#to = to;
    this.#traffic = traffic;
    this.#clock = clock;
    from.on("data", (bytes: Buffer) => this.#hold(bytes));
    from.on("end", () => this.#hold(null));
    to.on("drain", () => {
      this.#isWaiting = false;
      this.pump();
    });
  }

  /** Passes what is due. */
  pump(): void {
    const { latency, rate, stalled } = this.#traffic;
    while (!this.#isWaiting && !stalled && !this.#isFinished) {
      const head = this.#held[0];
      if (!head) break;
      const wait = latency === 0 ? 0 : head.due - this.#clock.now();
      if (wait > 0) return this.#pumpIn(wait);
      if (head.bytes === null) return this.finish();
      const portion = rate === 0 ? head.bytes.length : Math.ceil((rate * portionTime) / 1_000);
      this.#write(head.bytes.subarray(0, portion));
      const rest = head.bytes.subarray(portion);
      if (rest.length > 0) this.#held[0] = { ...head, bytes: rest };
      else this.#held.shift();
      if (rate > 0) this.#pumpIn(portionTime);
    }
    if (!stalled && this.#size < most) this.#from.resume();
  }

  /** Ends the direction; what comes later is discarded. */
  finish(): void {
    this.#isFinished = true;
    this.#held.length = 0;
    this.#to.end();
  }

  /** Lets so many more bytes pass and then calls `done`; nothing passes afterwards. */
  cutAfter(bytes: number, done: () => void): void {
    this.#cut = { left: bytes, done };
  }

  stop(): void {
    this.#isFinished = true;
    this.#cancel();
  }

  #hold(bytes: Buffer | null): void {
    if (this.#isFinished) return;
    this.#held.push({ due: this.#clock.now() + this.#traffic.latency, bytes });
    this.#size += bytes?.length ?? 0;
    if (this.#size >= most || this.#traffic.stalled) this.#from.pause();
    this.pump();
  }

  #write(bytes: Buffer): void {
    this.#size -= bytes.length;
    const cut = this.#cut;
    const passed = cut ? bytes.subarray(0, cut.left) : bytes;
    if (!this.#to.write(passed)) this.#isWaiting = true;
    if (!cut || (cut.left -= passed.length) > 0) return;
    this.#isFinished = true;
    cut.done();
  }

  #pumpIn(delay: number): void {
    this.#isWaiting = true;
    this.#cancel = this.#clock.schedule(delay, () => {
      this.#isWaiting = false;
      this.pump();
    });
  }
}
