import { Fifo } from "./fifo.ts";
import { DROP, toMessage } from "./message.ts";
import type { Message, Sendable } from "./message.ts";
import type { Link } from "./link.ts";
import type { LinkContext } from "./message-context.ts";
import { isThenable } from "./plugins.ts";
import type { With } from "./plugins.ts";

/** A message between two hooks. One that some hooks have seen goes on with the list that it began with. */
interface Step {
  readonly message: Message;
  readonly context: LinkContext;
  readonly hooks: readonly With<"onMessage">[] | null;
  readonly from: number;
}

/** Goes on with the hooks that its split, or its promise, began with. */
interface Part extends Step {
  readonly hooks: readonly With<"onMessage">[];
}

/**
 * The `onMessage` waterfall of one connection. It runs synchronously until a hook returns a promise; from
 * then on later messages wait their turn in the backlog, so order always holds.
 */
export class Inbound {
  /** Something is on its way: from when a message comes until nothing waits any more. */
  isBusy = false;
  /** Called when nothing is on its way any more. */
  onIdle: (() => void) | undefined;
  readonly #link: Link;
  /** What is left of splits, the next one last: parts of a part go before the parts beside it. */
  readonly #parts: Part[] = [];
  /** A message that came while the client was connected stands for itself. */
  readonly #backlog = new Fifo<Message | Step>();
  /** The hook before has answered with a promise. */
  #wait: Part | null = null;
  // For all promises, since a function for each would cost as much as the rest; made for the first.
  #onAnswer: ((answer: unknown) => void) | undefined;
  #onFault: ((error: unknown) => void) | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  receive(message: Message): void {
    const { host, context, isReady } = this.#link;
    // Also one that comes while a listener or a hook has the one before.
    if (this.isBusy) {
      this.#backlog.push(isReady ? message : { message, context, hooks: null, from: 0 });
      return this.#measure();
    }
    this.isBusy = true;
    try {
      this.#advance(message, context, host.plugins.onMessage, 0);
    } finally {
      // Seldom is anything left to do: the loop, compiled into this path, would slow down every message.
      // Also when the transport threw as it was to pause: busy for ever, nothing would arrive any more.
      if (this.#wait || this.onIdle || this.#parts.length > 0 || this.#backlog.length > 0) {
        this.#drain();
      } else this.isBusy = false;
    }
  }

  #advance(
    message: Message,
    context: LinkContext,
    hooks: readonly With<"onMessage">[],
    from: number,
  ): void {
    for (let i = from; i < hooks.length; i++) {
      const entry = hooks[i]!;
      let received: unknown;
      try {
        received = entry.plugin.onMessage(message, context);
        if (received === undefined) continue;
        if (isThenable(received)) {
          return this.#await(Promise.resolve(received), { message, context, hooks, from: i + 1 });
        }
        received = checked(received);
      } catch (error) {
        this.#link.host.fault(entry, "onMessage", error, this.#link);
        if (!this.#link.alive) return;
        continue;
      }
      return this.#pass(received, context, hooks, i + 1);
    }
    if (!this.#link.alive) return;
    this.#link.claims.offer(message);
    this.#bound();
  }

  /** Goes on with what a hook answered. */
  #pass(
    received: unknown,
    context: LinkContext,
    hooks: readonly With<"onMessage">[],
    from: number,
  ): void {
    if (received === DROP) return;
    if (!Array.isArray(received)) return this.#advance(received as Message, context, hooks, from);
    for (let k = received.length - 1; k >= 0; k--) {
      this.#parts.push({ message: received[k], context, hooks, from });
    }
  }

  #await(promise: Promise<unknown>, wait: Part): void {
    this.#wait = wait;
    this.#onAnswer ??= (answer) => this.#answered(answer);
    this.#onFault ??= (error) => this.#failed(error);
    promise.then(this.#onAnswer, this.#onFault);
  }

  #answered(answer: unknown): void {
    let received: unknown;
    try {
      received = answer === undefined ? this.#wait!.message : checked(answer);
    } catch (error) {
      return this.#failed(error);
    }
    this.#resume(received);
  }

  #failed(error: unknown): void {
    const { message, hooks, from } = this.#wait!;
    const link = this.#link;
    if (link.alive) link.host.fault(hooks[from - 1]!, "onMessage", error, link);
    this.#resume(message);
  }

  #resume(received: unknown): void {
    if (!this.#link.alive) return;
    const { context, hooks, from } = this.#wait!;
    this.#wait = null;
    try {
      this.#pass(received, context, hooks, from);
    } finally {
      this.#drain();
    }
  }

  /** Works off what waits, up to the next promise. What throws on the way keeps nothing behind it. */
  #drain(): void {
    try {
      while (!this.#wait && this.#link.alive && this.#parts.length + this.#backlog.length > 0) {
        this.#next();
      }
    } catch (error) {
      this.#drain();
      throw error;
    }
    if (!this.#link.alive) return;
    if (this.#wait) return this.#measure();
    this.isBusy = false;
    if (this.onIdle) this.onIdle();
    else this.#measure();
  }

  #next(): void {
    const { applicationContext, host } = this.#link;
    const all = host.plugins.onMessage;
    const next = this.#take()!;
    // Not by `instanceof`: a transport may give bytes of another realm.
    if (typeof next === "string" || ArrayBuffer.isView(next)) {
      this.#advance(next, applicationContext, all, 0);
    } else {
      this.#advance(next.message, next.context, next.hooks ?? all, next.from);
    }
  }

  #take(): Message | Step | undefined {
    return this.#parts.pop() ?? this.#backlog.shift();
  }

  /** Parts that nothing holds up do not wait. */
  get #waiting(): number {
    return this.#backlog.length + (this.#wait ? this.#parts.length : 0);
  }

  /** What waits became more or less. */
  #measure(): void {
    if (!this.#link.isReady) this.#bound();
    else if (this.#link.host.inflow.backlog(this.#waiting)) this.#take();
  }

  /** A server that talks before the handshakes are done must not fill the memory. */
  #bound(): void {
    const { isReady, claims, host } = this.#link;
    if (isReady) return;
    const { receiveBuffer } = host.options;
    if (this.#waiting + claims.length <= receiveBuffer) return;
    const what = `More than ${receiveBuffer} messages arrived before the handshakes were done`;
    this.#link.break(new Error(what));
  }
}

/** @throws TypeError when a hook answered what is no message */
function checked(result: unknown): Message | readonly Message[] | typeof DROP {
  if (result === DROP) return DROP;
  return Array.isArray(result) ? result.map(toMessage) : toMessage(result as Sendable);
}
