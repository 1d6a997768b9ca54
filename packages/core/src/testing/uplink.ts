interface Flush {
  /** Bytes the network must have taken. */
  readonly target: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Held {
  /** Bytes not yet on the network. */
  rest: number;
  readonly arrive: () => void;
}

/**
 * What is on its way to the server: at once while it `flows`, else held and counted in
 * `bufferedAmount` until it is drained. Once it is cut nothing arrives any more: bytes stay in the buffer
 * (`stuck`) or vanish behind it (`void`).
 */
export class Uplink {
  bufferedAmount = 0;
  readonly #highWaterMark: number;
  readonly #onDrain: () => void;
  #held: Held[] = [];
  #flushes: Flush[] = [];
  /** Bytes taken by the network so far. */
  #drained = 0;
  #state: "flowing" | "slow" | "stuck" | "void" = "flowing";
  #full = false;
  #error: Error | undefined;

  constructor(highWaterMark: number, onDrain: () => void) {
    this.#highWaterMark = highWaterMark;
    this.#onDrain = onDrain;
  }

  get flows(): boolean {
    return this.#state === "flowing";
  }

  slow(): void {
    if (this.flows) this.#state = "slow";
  }

  flow(): void {
    if (this.#state === "slow") this.#state = "flowing";
    this.drain(Infinity);
  }

  cut(buffers: boolean): void {
    this.#state = buffers ? "stuck" : "void";
    this.#held = [];
  }

  hold(bytes: number, arrive: () => void): void {
    if (this.#state === "void") return;
    this.bufferedAmount += bytes;
    if (this.bufferedAmount >= this.#highWaterMark) this.#full = true;
    if (this.#state === "slow") this.#held.push({ rest: bytes, arrive });
  }

  drain(bytes: number): void {
    let left = bytes;
    while (this.#held.length > 0) {
      const first = this.#held[0]!;
      const part = Math.min(first.rest, left);
      first.rest -= part;
      left -= part;
      this.bufferedAmount -= part;
      this.#drained += part;
      if (first.rest > 0) break;
      this.#held.shift();
      first.arrive();
    }
    if (this.#full && this.bufferedAmount < this.#highWaterMark) {
      this.#full = false;
      this.#onDrain();
    }
    while (this.#flushes.length > 0 && this.#flushes[0]!.target <= this.#drained) {
      this.#flushes.shift()!.resolve();
    }
  }

  flush(): Promise<void> {
    if (this.bufferedAmount === 0) return Promise.resolve();
    if (this.#error) return Promise.reject(this.#error);
    const target = this.#drained + this.bufferedAmount;
    return new Promise((resolve, reject) => this.#flushes.push({ target, resolve, reject }));
  }

  /** The socket is gone: what is held never arrives, and stays counted. */
  end(error: Error): void {
    this.#error = error;
    this.cut(true);
    for (const { reject } of this.#flushes.splice(0)) reject(error);
  }
}
