import type { DropReason, Message } from "@stream-tungstenite/core";
import { codeOf, numberOf, textOf } from "./journal.ts";
import type { Journal } from "./journal.ts";
import type { Settings } from "./schedule.ts";

/** What becomes of a message that the application sends. */
export interface Letter {
  readonly number: number;
  readonly message: Message;
  readonly bytes: number;
  readonly isAsync: boolean;
  /** When it was given, and how old it may get, in milliseconds. */
  readonly at: number;
  readonly maxAge: number;
  /** Ticks: two calls that overlap, one inside the other, have no order. */
  readonly begun: number;
  ended: number;
  /** `open`: accepted, or waiting for room, and still with the client. */
  fate: "open" | "taken" | "dropped" | "abandoned" | "refused";
  reason: DropReason | null;
  /** On the network, or in the buffer of a socket that ended; `null` while in a buffer. */
  isLost: boolean | null;
  /** When it left the queue, in ticks. */
  leftAt: number;
  /** A hook has it now, so that no limit of age applies. */
  isWithHook: boolean;
  /** A hook said that it took the message. */
  isSwallowed: boolean;
  /** `send` answered `dropped`. */
  isDropped: boolean;
}

/** The books of what was sent: each message is taken by one transport at most, in order, or accounted for. */
export class Ledger {
  readonly letters: Letter[] = [];
  readonly #journal: Journal;
  readonly #settings: Settings;
  readonly #now: () => number;
  /** The newest beginnings among the messages taken so far. */
  #newest = 0;
  #newestAsync = 0;
  /** The last one that left the queue. */
  #withHook: Letter | null = null;
  taken = 0;
  bytesTaken = 0;

  constructor(journal: Journal, settings: Settings, now: () => number) {
    this.#journal = journal;
    this.#settings = settings;
    this.#now = now;
  }

  get open(): readonly Letter[] {
    return this.letters.filter((letter) => letter.fate === "open");
  }

  /** A call of `send` or `sendAsync` begins. */
  begin(size: number, binary: boolean, isAsync: boolean, maxAge: number | undefined): Letter {
    const number = this.letters.length + 1;
    const text = `a${number}:`.padEnd(size, "x");
    const letter: Letter = {
      number,
      message: binary ? Uint8Array.from(text, (unit) => unit.charCodeAt(0)) : text,
      bytes: text.length,
      isAsync,
      at: this.#now(),
      maxAge: maxAge ?? this.#settings.maxAge ?? Infinity,
      begun: ++this.#journal.tick,
      ended: Infinity,
      fate: "open",
      reason: null,
      isLost: null,
      leftAt: 0,
      isWithHook: false,
      isSwallowed: false,
      isDropped: false,
    };
    this.letters.push(letter);
    return letter;
  }

  /** It has returned. */
  end(letter: Letter): void {
    letter.ended = ++this.#journal.tick;
  }

  /** The call threw: the message was never accepted. */
  refused(letter: Letter): void {
    this.#journal.tick++;
    const may = letter.fate === "open" || (letter.fate === "abandoned" && letter.isAsync);
    if (!may) this.#breaks(letter, `was refused, but is ${letter.fate}`);
    letter.fate = "refused";
  }

  /** The first plugin's `onSend` sees it: it has left the queue. */
  leaves(text: string): void {
    const letter = this.#find(text);
    if (!letter) return;
    // The hooks have let go the one before, sent or not.
    if (this.#withHook) this.#withHook.isWithHook = false;
    this.#withHook = letter;
    letter.isWithHook = true;
    letter.leftAt = ++this.#journal.tick;
    letter.isSwallowed = false;
    const age = this.#now() - letter.at;
    if (letter.fate !== "open") this.#breaks(letter, `leaves the queue, but is ${letter.fate}`);
    if (age > 0 && age >= letter.maxAge)
      this.#breaks(letter, `leaves the queue too old, ${age} ms`);
  }

  leftAt(text: string): number {
    return this.#find(text)?.leftAt ?? 0;
  }

  /** A hook says that it took it. */
  swallowed(text: string): void {
    const letter = this.#find(text);
    if (letter) letter.isSwallowed = true;
  }

  /** The connection that had it on its way is gone. */
  returned(): void {
    for (const letter of this.letters) letter.isWithHook = false;
  }

  /** A transport took it. */
  took(text: string): void {
    const letter = this.#find(text);
    this.taken++;
    this.bytesTaken += text.length;
    if (!letter) return;
    if (letter.fate !== "open") this.#breaks(letter, `is sent, but is ${letter.fate} already`);
    letter.fate = "taken";
    letter.isWithHook = false;
    const overtakes =
      letter.isAsync && this.#settings.overflow === "drop-oldest"
        ? this.#newestAsync
        : this.#newest;
    if (letter.ended < overtakes) this.#breaks(letter, "is sent out of order");
    this.#newest = Math.max(this.#newest, letter.begun);
    if (letter.isAsync) this.#newestAsync = Math.max(this.#newestAsync, letter.begun);
  }

  /** Its bytes left the transport's buffer, or were lost in it. */
  left(text: string, isLost: boolean): void {
    const letter = this.#find(text);
    if (letter) letter.isLost = isLost;
  }

  /** The event `dropped`. */
  dropped(messages: readonly Message[], reason: DropReason, isClosed: boolean): void {
    this.#journal.saw(`dropped: ${reason}`);
    const { overflow, whileDisconnected } = this.#settings;
    if (messages.length === 0) this.#journal.breaks("'dropped' tells of no message");
    if (reason === "overflow" && overflow === "reject")
      this.#journal.breaks("overflow under 'reject'");
    if (reason === "closed" && !isClosed) this.#journal.breaks("dropped as closed, but it is not");
    if (reason === "disconnected" && whileDisconnected === "hold") {
      this.#journal.breaks("dropped as disconnected under 'hold'");
    }
    for (const message of messages) {
      const letter = this.#find(textOf(message));
      if (!letter || letter.message !== message) {
        this.#journal.breaks(`'${textOf(message)}' is dropped and was never given`);
        continue;
      }
      // One that was dropped in the turn in which its signal aborted: its promise knows which came first.
      const may = letter.fate === "open" || (letter.fate === "abandoned" && letter.isAsync);
      if (!may) this.#breaks(letter, `is dropped (${reason}), but is ${letter.fate}`);
      if (reason === "expired" && this.#now() - letter.at < letter.maxAge) {
        this.#breaks(letter, `expires after ${this.#now() - letter.at} ms of ${letter.maxAge}`);
      }
      letter.fate = "dropped";
      letter.reason = reason;
    }
  }

  /** Its signal aborted, or its time is over: it must not be sent any more. */
  abandoned(letter: Letter): void {
    if (letter.fate === "open") letter.fate = "abandoned";
  }

  /** What `sendAsync` answered. */
  settled(letter: Letter, error: unknown, failed: boolean): void {
    if (!failed) {
      const isDone = letter.fate === "taken" || (letter.fate === "open" && letter.isSwallowed);
      if (!isDone) this.#breaks(letter, `resolved, but is ${letter.fate}`);
      return;
    }
    const code = codeOf(error);
    if (code === "MESSAGE_DROPPED") {
      const { reason } = error as { reason: DropReason };
      // The event comes in its place among the others, which may be later.
      if (letter.fate === "open" || letter.fate === "abandoned") letter.reason ??= reason;
      else if (letter.fate !== "dropped")
        this.#breaks(letter, `rejected as dropped, but is ${letter.fate}`);
      if (letter.reason !== reason)
        this.#breaks(letter, `rejected as ${reason}, dropped as ${letter.reason}`);
    } else if (code === "SEND_TIMEOUT" || code === "aborted") {
      if (letter.fate === "open" || letter.fate === "abandoned") letter.fate = "abandoned";
      else this.#breaks(letter, `rejected with ${code}, but is ${letter.fate}`);
    } else this.refused(letter);
  }

  /** Nothing moves and no timer is overdue. `queued` and `bytes` are the client's own figures. */
  check(queued: number, bytes: number, isFree: boolean): void {
    const { open } = this;
    const now = this.#now();
    const sure = open.filter(({ isSwallowed }) => !isSwallowed);
    const sent = sure.filter(({ isAsync }) => !isAsync);
    const sum = (letters: readonly Letter[]): number =>
      letters.reduce((all, one) => all + one.bytes, 0);
    // One that was given up while a hook has it is still on its way there.
    const most = this.letters.filter(
      ({ fate, isWithHook }) => fate === "open" || (fate === "abandoned" && isWithHook),
    );
    const fits =
      queued >= sent.length && queued <= most.length && bytes >= sum(sent) && bytes <= sum(most);
    if (!fits) {
      const all = `${sent.length} to ${most.length} messages, ${sum(sent)} to ${sum(most)} bytes`;
      this.#journal.breaks(`the queue holds ${queued} messages, ${bytes} bytes; ${all} are right`);
    }
    // One that has left the queue is with a hook, or came back from a lost connection and has its place
    // whatever the limits say. The lane is one message wide: there is never a second.
    const { capacity, maxBytes } = this.#settings;
    const outside = most.filter(({ leftAt, isSwallowed }) => leftAt > 0 && !isSwallowed);
    if (outside.length > 1) this.#journal.breaks(`${outside.length} messages are on their way`);
    if (queued - outside.length > capacity || bytes - sum(outside) > maxBytes)
      this.#journal.breaks("the queue is above its limits");
    for (const letter of sure) {
      const isOld = now - letter.at >= letter.maxAge && letter.maxAge > 0;
      if (isOld && !letter.isWithHook) this.#breaks(letter, "should have expired");
      if (letter.isDropped) this.#breaks(letter, "counts as dropped, and no event told");
      if (isFree) this.#breaks(letter, "is stuck");
    }
  }

  /** No message is left without a fate. */
  finish(): void {
    for (const letter of this.letters) {
      if (letter.fate === "open" && !letter.isSwallowed) this.#breaks(letter, "was lost silently");
    }
  }

  #find(text: string): Letter | undefined {
    return this.letters[numberOf(text, "a") - 1];
  }

  #breaks(letter: Letter, what: string): void {
    this.#journal.breaks(`message ${letter.number} ${what}`);
  }
}
