import { codeOf } from "./journal.ts";
import type { Letter } from "./ledger.ts";
import type { CallOf } from "./schedule.ts";
import type { Scene } from "./scene.ts";

/** A call of `flush` that waits. */
interface Flush {
  /** In ticks. */
  readonly begun: number;
  /** When it was first seen that nothing is left to wait for, in milliseconds. */
  doneAt: number | null;
}

/** Milliseconds within which a flush notices that the buffer of a transport that cannot tell is empty. */
const lookInterval = 20;

/** Sends as the application does, and knows what each call may answer and when. */
export class Sending {
  readonly #scene: Scene;
  /** Letters by the signal that gives them up. */
  readonly #abortable = new Map<AbortSignal, Letter>();
  readonly #flushes = new Set<Flush>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  abandoned(signal: AbortSignal): void {
    const letter = this.#abortable.get(signal);
    if (letter) this.#scene.ledger.abandoned(letter);
  }

  /** Nothing moves and no timer is overdue: a flush that has nothing to wait for has resolved. */
  check(): void {
    const { ledger, wire, settings, clock, journal } = this.#scene;
    const socket = wire.current;
    const isFlushed = socket?.isFlushed ?? true;
    for (const flush of this.#flushes) {
      const isWaiting = ledger.letters.some(
        ({ begun, fate, isWithHook }) =>
          begun < flush.begun && (fate === "open" || (fate === "abandoned" && isWithHook)),
      );
      if (isWaiting || !isFlushed) flush.doneAt = null;
      else flush.doneAt ??= clock.now();
      const patience = settings.canFlush ? 0 : lookInterval + 1;
      if (flush.doneAt !== null && clock.now() - flush.doneAt >= patience)
        journal.breaks("flush waits, and everything is on the network");
    }
  }

  send({ size, maxAge, binary }: CallOf<"send">, isClosed: boolean, isPlain: boolean): void {
    const { client, ledger, journal } = this.#scene;
    const expected = isPlain ? this.#foretell(size, maxAge, isClosed) : null;
    const letter = ledger.begin(size, binary, false, maxAge);
    let actual: string;
    try {
      actual = client.send(letter.message, maxAge === undefined ? undefined : { maxAge });
    } catch (error) {
      actual = codeOf(error);
      ledger.refused(letter);
    }
    ledger.end(letter);
    journal.saw(`send: ${actual}`);
    if (expected !== null && actual !== expected)
      journal.breaks(`send answers ${actual}, not ${expected}`);
    const isTaken = letter.fate === "taken" || letter.isSwallowed;
    if (actual === "sent" && !isTaken)
      journal.breaks(`message ${letter.number} counts as sent, and is ${letter.fate}`);
    letter.isDropped = actual === "dropped";
  }

  /** What `send` must answer, where the contract leaves no choice. */
  #foretell(size: number, maxAge: number | undefined, isClosed: boolean): string | null {
    const { client, ledger, settings, lifecycle, wire, clock, promises } = this.#scene;
    const bytes = `a${ledger.letters.length + 1}:`.padEnd(size).length;
    const { open } = ledger;
    if (isClosed) return "CLIENT_CLOSED";
    if (bytes > settings.maxBytes) return "QUEUE_FULL";
    const { status } = client.state;
    if (lifecycle.state.status !== status) return null;
    const isUnsure = open.some(
      (letter) =>
        letter.isAsync ||
        letter.isSwallowed ||
        letter.isWithHook ||
        letter.at + letter.maxAge <= clock.now(),
    );
    if (isUnsure) return null;
    if (status === "connected") {
      // What an exchange holds back is let go some turns after its end.
      const free =
        !promises.isPending("exchange") &&
        open.length === 0 &&
        isFree(this.#scene) &&
        !wire.refusesNext &&
        !wire.current?.isDead;
      return free && this.#scene.modes.onSend === "pass" && !this.#scene.reacts("onSend")
        ? "sent"
        : null;
    }
    if (settings.whileDisconnected === "reject") return "NOT_CONNECTED";
    if ((maxAge ?? settings.maxAge) === 0) return "dropped";
    const queued = open.reduce((sum, letter) => sum + letter.bytes, 0);
    const hasRoom = open.length < settings.capacity && queued + bytes <= settings.maxBytes;
    if (hasRoom || settings.overflow === "drop-oldest") return "queued";
    return settings.overflow === "reject" ? "QUEUE_FULL" : "dropped";
  }

  sendAsync(call: CallOf<"sendAsync">, signal: AbortSignal | undefined): void {
    const { client, ledger, promises } = this.#scene;
    const { size, maxAge, timeout } = call;
    const letter = ledger.begin(size, false, true, maxAge);
    if (signal) this.#abortable.set(signal, letter);
    const promise = client.sendAsync(letter.message, { maxAge, timeout, signal });
    ledger.end(letter);
    promises.track("sendAsync", promise, (error, failed) => ledger.settled(letter, error, failed));
  }

  flush({ timeout }: CallOf<"flush">, signal: AbortSignal | undefined): void {
    const { client, ledger, promises, journal } = this.#scene;
    const covered = ledger.letters.filter(
      ({ fate, isLost, isAsync, ended }) =>
        ended < Infinity &&
        ((fate === "open" && !isAsync) || (fate === "taken" && isLost === null)),
    );
    const promise = client.flush({ timeout, signal });
    const flush: Flush = { begun: ++journal.tick, doneAt: null };
    this.#flushes.add(flush);
    promises.track("flush", promise, (_, failed) => {
      this.#flushes.delete(flush);
      if (failed) return;
      for (const { number, fate, isLost, isSwallowed } of covered) {
        const isDone = fate === "taken" ? isLost === false : fate !== "open" || isSwallowed;
        if (!isDone)
          journal.breaks(`flush resolves, but message ${number} is ${fate}, lost: ${isLost}`);
      }
    });
  }
}

/** Nothing keeps the application's messages back, as far as the world can tell. */
export function isFree({ wire, stalled, greetings, settings }: Scene): boolean {
  const socket = wire.current;
  if (!socket || socket.closeFrame) return false;
  const { connectionId } = socket;
  return (
    !stalled.onSend.some((hook) => hook.connectionId === connectionId) &&
    !greetings.holds.get(connectionId)?.size &&
    socket.bufferedAmount < settings.highWaterMark &&
    !socket.owesDrain
  );
}
