import { Fifo } from "./fifo.ts";
import { DROP, toMessage } from "./message.ts";
import type { Message, Sendable } from "./message.ts";
import type { Link } from "./link.ts";
import type { LinkContext } from "./message-context.ts";
import { isThenable } from "./plugins.ts";
import type { With } from "./plugins.ts";

/** A message that waits. One that some hooks have seen goes on with the list that it began with. */
interface Step {
  readonly message: Message;
  readonly context: LinkContext;
  readonly hooks: readonly With<"onMessage">[] | null;
  readonly from: number;
}

/**
 * The `onMessage` waterfall of one connection. It runs synchronously until a hook returns a promise; from
 * then on later messages wait their turn in the backlog, so order always holds.
 */
export class Inbound {
  readonly #link: Link;
  readonly #backlog = new Fifo<Step>();
  #waiting = false;
  #onIdle: (() => void) | undefined;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Nothing is on its way. */
  get isIdle(): boolean {
    return !this.#waiting;
  }

  receive(message: Message): void {
    const { host, context } = this.#link;
    if (!this.#waiting) return this.#advance(message, host.plugins.onMessage, 0, context);
    this.#backlog.push({ message, context, hooks: null, from: 0 });
    this.#measure();
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
    context: LinkContext,
  ): void {
    for (let i = from; i < hooks.length; i++) {
      const entry = hooks[i]!;
      let received: unknown;
      try {
        received = entry.plugin.onMessage(message, context);
        if (received === undefined) continue;
        if (!isThenable(received)) received = checked(received);
      } catch (error) {
        this.#link.host.fault(entry, "onMessage", error);
        if (!this.#link.alive) return;
        continue;
      }
      if (isThenable(received)) void this.#wait(received, message, hooks, i, context);
      else this.#pass(received, hooks, i + 1, context);
      return;
    }
    if (!this.#link.alive) return;
    this.#link.claims.offer(message);
    this.#bound();
  }

  /** Goes on with what a hook answered. */
  #pass(
    received: unknown,
    hooks: readonly With<"onMessage">[],
    from: number,
    context: LinkContext,
  ): void {
    if (received === DROP) return;
    if (!Array.isArray(received)) return this.#advance(received as Message, hooks, from, context);
    let i = 0;
    while (i < received.length && !this.#waiting)
      this.#advance(received[i++], hooks, from, context);
    // A part went to wait: those behind it go before everything that arrived later.
    for (let k = received.length - 1; k >= i; k--) {
      this.#backlog.unshift({ message: received[k], context, hooks, from });
    }
    if (i < received.length) this.#measure();
  }

  async #wait(
    promise: PromiseLike<unknown>,
    message: Message,
    hooks: readonly With<"onMessage">[],
    index: number,
    context: LinkContext,
  ): Promise<void> {
    this.#waiting = true;
    let received: unknown = message;
    try {
      const result = await promise;
      if (result !== undefined) received = checked(result);
    } catch (error) {
      if (this.#link.alive) this.#link.host.fault(hooks[index]!, "onMessage", error);
    }
    if (!this.#link.alive) return;
    this.#waiting = false;
    this.#pass(received, hooks, index + 1, context);
    this.#drain();
  }

  #drain(): void {
    while (!this.#waiting && this.#link.alive) {
      const step = this.#backlog.shift();
      if (!step) return this.#onIdle?.();
      this.#measure();
      const { message, context, hooks, from } = step;
      this.#advance(message, hooks ?? this.#link.host.plugins.onMessage, from, context);
    }
  }

  /** The backlog grew or shrank. */
  #measure(): void {
    if (!this.#link.isReady) this.#bound();
    else if (this.#link.host.inflow.backlog(this.#backlog.length)) this.#backlog.shift();
  }

  /** A server that talks before the handshakes are done must not fill the memory. */
  #bound(): void {
    const { isReady, claims, host } = this.#link;
    const { receiveBuffer } = host.options;
    if (isReady || this.#backlog.length + claims.length <= receiveBuffer) return;
    const what = `More than ${receiveBuffer} messages arrived before the handshakes were done`;
    this.#link.break(new Error(what));
  }
}

/** @throws TypeError when a hook answered what is no message */
function checked(result: unknown): Message | readonly Message[] | typeof DROP {
  if (result === DROP) return DROP;
  return Array.isArray(result) ? result.map(toMessage) : toMessage(result as Sendable);
}
