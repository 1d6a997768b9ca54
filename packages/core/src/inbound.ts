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

/** The hook before has answered with a promise. */
interface Wait extends Step {
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
  /** A message that came while the client was connected stands for itself. */
  readonly #backlog = new Fifo<Message | Step>();
  #wait: Wait | null = null;
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
    this.#advance(message, context, host.plugins.onMessage, 0);
    // Seldom is anything left to do: the loop, compiled into this path, would slow down every message.
    if (this.#wait || this.onIdle || this.#backlog.length > 0) this.#drain();
    else this.isBusy = false;
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
        this.#link.host.fault(entry, "onMessage", error);
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
    let i = 0;
    while (i < received.length && !this.#wait) this.#advance(received[i++], context, hooks, from);
    // A part went to wait: those behind it go before everything that arrived later.
    for (let k = received.length - 1; k >= i; k--) {
      this.#backlog.unshift({ message: received[k], context, hooks, from });
    }
    if (i < received.length) this.#measure();
  }

  #await(promise: Promise<unknown>, wait: Wait): void {
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
    if (this.#link.alive) this.#link.host.fault(hooks[from - 1]!, "onMessage", error);
    this.#resume(message);
  }

  #resume(received: unknown): void {
    if (!this.#link.alive) return;
    const { context, hooks, from } = this.#wait!;
    this.#wait = null;
    this.#pass(received, context, hooks, from);
    this.#drain();
  }

  /** Works off the backlog, up to the next promise. */
  #drain(): void {
    while (!this.#wait && this.#link.alive) {
      if (this.#backlog.length === 0) {
        this.isBusy = false;
        return this.onIdle?.();
      }
      const next = this.#backlog.shift()!;
      this.#measure();
      const { applicationContext, host } = this.#link;
      const all = host.plugins.onMessage;
      // Not by `instanceof`: a transport may give bytes of another realm.
      if (typeof next === "string" || ArrayBuffer.isView(next)) {
        this.#advance(next, applicationContext, all, 0);
      } else {
        this.#advance(next.message, next.context, next.hooks ?? all, next.from);
      }
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
    if (isReady) return;
    const { receiveBuffer } = host.options;
    if (this.#backlog.length + claims.length <= receiveBuffer) return;
    const what = `More than ${receiveBuffer} messages arrived before the handshakes were done`;
    this.#link.break(new Error(what));
  }
}

/** @throws TypeError when a hook answered what is no message */
function checked(result: unknown): Message | readonly Message[] | typeof DROP {
  if (result === DROP) return DROP;
  return Array.isArray(result) ? result.map(toMessage) : toMessage(result as Sendable);
}
