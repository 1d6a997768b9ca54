import { Fifo } from "./fifo.ts";
import { DROP } from "./message.ts";
import type { Message } from "./message.ts";
import type { MessageContext, Received } from "./plugin.ts";
import { isThenable } from "./plugins.ts";
import type { Fault, With } from "./plugins.ts";

/** What the lane needs from the connection it belongs to. */
export interface InboundHost {
  /** Read anew for every message: plugins come and go. */
  readonly onMessageHooks: readonly With<"onMessage">[];
  readonly alive: boolean;
  readonly context: MessageContext;
  readonly fault: Fault;
  /** The message passed every hook. */
  deliver(message: Message): void;
  /** The backlog grew or shrank. */
  backlog(length: number): void;
}

/** A message on its way, and the hooks that have yet to see it. */
interface Step {
  readonly message: Message;
  readonly hooks: readonly With<"onMessage">[];
  readonly from: number;
  readonly context: MessageContext;
}

/**
 * The `onMessage` waterfall of one connection. It runs synchronously until a hook returns a promise; from
 * then on later messages wait their turn in the backlog, so order always holds.
 */
export class Inbound {
  readonly #host: InboundHost;
  readonly #backlog = new Fifo<Step>();
  #waiting = false;
  #onIdle: (() => void) | null = null;

  constructor(host: InboundHost) {
    this.#host = host;
  }

  /** Messages that wait for a hook's promise. */
  get length(): number {
    return this.#backlog.length;
  }

  receive(message: Message): void {
    const { onMessageHooks: hooks, context } = this.#host;
    if (this.#waiting) {
      this.#backlog.push({ message, hooks, from: 0, context });
      this.#host.backlog(this.#backlog.length);
    } else {
      this.#advance(message, hooks, 0, context);
    }
  }

  /** Takes the oldest waiting message away. */
  discardOldest(): void {
    this.#backlog.shift();
  }

  /** Calls back when nothing is on its way any more; at once when nothing is. */
  whenIdle(task: () => void): void {
    if (this.#waiting) this.#onIdle = task;
    else task();
  }

  #advance(
    message: Message,
    hooks: readonly With<"onMessage">[],
    from: number,
    context: MessageContext,
  ): void {
    for (let i = from; i < hooks.length; i++) {
      const entry = hooks[i]!;
      let result: Received | Promise<Received>;
      try {
        result = entry.plugin.onMessage(message, context);
      } catch (error) {
        this.#host.fault(entry, "onMessage", error);
        if (!this.#host.alive) return;
        continue;
      }
      if (result === undefined) continue;
      if (typeof result === "string" || result instanceof Uint8Array) message = result;
      else if (isThenable(result)) return this.#wait(result, message, hooks, i, context);
      else return this.#apply(result, message, hooks, i, context);
    }
    this.#host.deliver(message);
  }

  /** Goes on with what the hook at `index` answered. */
  #apply(
    result: unknown,
    message: Message,
    hooks: readonly With<"onMessage">[],
    index: number,
    context: MessageContext,
  ): void {
    const from = index + 1;
    if (result === DROP) return;
    if (result === undefined) return this.#advance(message, hooks, from, context);
    if (typeof result === "string" || result instanceof Uint8Array) {
      return this.#advance(result, hooks, from, context);
    }
    if (!Array.isArray(result)) {
      const wrong = new TypeError(`onMessage answered ${typeof result}, which is no message`);
      this.#host.fault(hooks[index]!, "onMessage", wrong);
      if (this.#host.alive) this.#advance(message, hooks, from, context);
      return;
    }
    for (let i = 0; i < result.length; i++) {
      if (this.#waiting) {
        // A part went to wait: those behind it go before everything that arrived later.
        for (let k = result.length - 1; k >= i; k--) {
          this.#backlog.unshift({ message: result[k], hooks, from, context });
        }
        this.#host.backlog(this.#backlog.length);
        return;
      }
      this.#advance(result[i], hooks, from, context);
    }
  }

  #wait(
    promise: PromiseLike<unknown>,
    message: Message,
    hooks: readonly With<"onMessage">[],
    index: number,
    context: MessageContext,
  ): void {
    this.#waiting = true;
    const go = (result: unknown): void => {
      if (!this.#host.alive) return;
      this.#waiting = false;
      this.#apply(result, message, hooks, index, context);
      this.#drain();
    };
    promise.then(go, (error: unknown) => {
      if (!this.#host.alive) return;
      this.#host.fault(hooks[index]!, "onMessage", error);
      go(undefined);
    });
  }

  #drain(): void {
    while (!this.#waiting && this.#backlog.length > 0 && this.#host.alive) {
      const { message, hooks, from, context } = this.#backlog.shift() as Step;
      this.#host.backlog(this.#backlog.length);
      this.#advance(message, hooks, from, context);
    }
    if (!this.#waiting) {
      const task = this.#onIdle;
      this.#onIdle = null;
      task?.();
    }
  }
}
