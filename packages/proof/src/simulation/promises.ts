import type { ClientState } from "@stream-tungstenite/core";
import { codeOf } from "./journal.ts";
import type { Journal } from "./journal.ts";

/** Why the application gives something up. */
export const aborted: Error = Object.assign(new Error("aborted"), { code: "aborted" });

/** What a call that waits may end with; everything may also wait for ever only until the client is closed. */
const ends: Readonly<Record<string, readonly string[]>> = {
  connect: ["resolved", "aborted", "NOT_CONNECTED", "CLIENT_CLOSED", "fatal"],
  ready: ["resolved", "aborted", "TIMEOUT", "CLIENT_CLOSED", "fatal"],
  run: ["resolved", "ALREADY_RUNNING", "CLIENT_CLOSED", "fatal"],
  disconnect: ["resolved", "CLIENT_CLOSED"],
  close: ["resolved"],
  sendAsync: [
    "resolved",
    "aborted",
    "SEND_TIMEOUT",
    "MESSAGE_DROPPED",
    "QUEUE_FULL",
    "NOT_CONNECTED",
    "CLIENT_CLOSED",
  ],
  flush: ["resolved", "aborted", "SEND_TIMEOUT", "CONNECTION_LOST", "CLIENT_CLOSED"],
  ping: [
    "resolved",
    "aborted",
    "TIMEOUT",
    "CONNECTION_LOST",
    "NOT_CONNECTED",
    "UNSUPPORTED",
    "CLIENT_CLOSED",
  ],
  once: ["resolved", "TIMEOUT", "CLIENT_CLOSED"],
  next: ["resolved"],
  leave: ["resolved"],
  events: ["resolved"],
  exchange: [
    "resolved",
    "aborted",
    "HANDSHAKE",
    "HANDSHAKE_TIMEOUT",
    "HANDSHAKE_REJECTED",
    "CONNECTION_LOST",
    "CLIENT_CLOSED",
    "IDLE_TIMEOUT",
    "fatal",
    // What its own code throws.
    "Error",
  ],
};

/** The books of everything that was promised: each promise ends, and in a way that its call documents. */
export class Promises {
  readonly #journal: Journal;
  readonly #pending = new Map<number, string>();
  readonly #signals: { readonly signal: AbortSignal; listeners: number }[] = [];
  readonly #controllers: AbortController[] = [];
  /** What the client gave up with, all of it. */
  readonly causes = new Set<unknown>();
  #count = 0;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** Watches a promise; `then` is told of its end. */
  track<T>(
    call: string,
    promise: Promise<T>,
    then: (error: unknown, failed: boolean, value?: T) => void = () => {},
  ): void {
    const id = ++this.#count;
    this.#pending.set(id, call);
    promise.then(
      (value) => {
        this.#ended(id, call, "resolved");
        then(undefined, false, value);
      },
      (error: unknown) => {
        const code = codeOf(error);
        this.#ended(
          id,
          call,
          this.causes.has(error) && !ends[call]!.includes(code) ? "fatal" : code,
        );
        then(error, true);
      },
    );
  }

  isPending(call: string): boolean {
    return [...this.#pending.values()].includes(call);
  }

  /** A signal whose listeners are counted. */
  signal(): AbortSignal {
    const controller = new AbortController();
    const { signal } = controller;
    const counted = { signal, listeners: 0 };
    const add = signal.addEventListener.bind(signal) as (...given: unknown[]) => void;
    const remove = signal.removeEventListener.bind(signal) as (...given: unknown[]) => void;
    const held = new Set<unknown>();
    signal.addEventListener = (type: string, listener: unknown, ...rest: unknown[]) => {
      held.add(listener);
      counted.listeners = held.size;
      add(type, listener, ...rest);
    };
    signal.removeEventListener = (type: string, listener: unknown, ...rest: unknown[]) => {
      held.delete(listener);
      counted.listeners = held.size;
      remove(type, listener, ...rest);
    };
    this.#signals.push(counted);
    this.#controllers.push(controller);
    return signal;
  }

  /** Of one of the last signals. */
  controller(which: number): AbortController | undefined {
    return this.#controllers.at(-1 - which);
  }

  /** Nothing moves and no timer is overdue: who has what he waited for knows it. */
  check(status: ClientState["status"]): void {
    for (const call of this.#pending.values()) {
      const isLeft =
        (isForConnection(call) && (status === "connected" || status === "closed")) ||
        (call === "run" && status === "closed") ||
        (call === "disconnect" && status !== "closing");
      if (isLeft) this.#journal.breaks(`${call} waits, and it is ${status}`);
    }
  }

  /** The client is closed: nothing is open any more. */
  finish(): void {
    for (const call of this.#pending.values())
      this.#journal.breaks(`a promise of ${call} never ends`);
    const left = this.#signals.filter(({ listeners }) => listeners > 0).length;
    if (left > 0) this.#journal.breaks(`${left} abort signals still have listeners`);
  }

  #ended(id: number, call: string, how: string): void {
    this.#pending.delete(id);
    this.#journal.saw(`${call}: ${how}`);
    this.#journal.note(`${call} ends: ${how}`);
    if (!ends[call]!.includes(how)) this.#journal.breaks(`${call} ends with ${how}`);
  }
}

const isForConnection = (call: string): boolean => call === "connect" || call === "ready";
