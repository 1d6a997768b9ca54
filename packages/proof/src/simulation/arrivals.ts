import type { ClientState, Message, WebSocketClient } from "@stream-tungstenite/core";
import { codeOf, numberOf, textOf } from "./journal.ts";
import type { Journal } from "./journal.ts";
import { ReaderModel } from "./reader-model.ts";
import type { Settings } from "./schedule.ts";
import type { Socket } from "./socket.ts";

interface Arrival {
  readonly number: number;
  readonly socket: Socket;
  readonly isStray: boolean;
  fate: "open" | "heard" | "claimed" | "dropped" | "forgotten";
}

interface Reading {
  readonly reader: ReturnType<WebSocketClient["messages"]>;
  readonly model: ReaderModel;
  readonly signal: AbortSignal | undefined;
}

/** The books of what was received: in order, none twice, and what a reader missed is told, to the message. */
export class Arrivals {
  readonly #journal: Journal;
  readonly #settings: Settings;
  readonly #arrivals: Arrival[] = [];
  readonly readings: Reading[] = [];
  /** What became of each message, or of each part of one. */
  readonly #gone = new Map<string, "heard" | "claimed" | "dropped">();
  /** The last one heard, and its part. */
  #last: readonly [number, number] = [0, 0];
  #lagged = 0;
  #hearing = "";
  received = 0;
  /** A hook has answered with a promise: messages may be under way for long, and be lost with their connection. */
  isLate = false;
  /** A hook has made several of one: then the numbers of what was skipped mean parts. */
  splits = false;
  readonly #state: () => ClientState;

  constructor(journal: Journal, settings: Settings, state: () => ClientState) {
    this.#journal = journal;
    this.#settings = settings;
    this.#state = state;
  }

  /** The transport's listener is about to be told of a message. */
  arrive(socket: Socket, isStray: boolean): Message {
    const number = this.#arrivals.length + 1;
    this.#arrivals.push({ number, socket, isStray, fate: "open" });
    if (!isStray) this.received++;
    // What answers a question looks like any other: whoever waits takes the first.
    return `m${number}:`;
  }

  /** A handshake or an exchange claimed it. */
  claimed(message: Message): void {
    this.#settle(message, "claimed");
  }

  /** A hook took it. */
  dropped(message: Message): void {
    this.#settle(message, "dropped");
  }

  /** The event `message`. */
  hear(message: Message): void {
    const text = textOf(message);
    const number = numberOf(text, "m");
    const part = Number(text.split(":")[1] || 0);
    const arrival = this.#arrivals[number - 1];
    if (!arrival) this.#journal.breaks(`'${text}' is heard and was never received`);
    else if (arrival.isStray) this.#journal.breaks(`'${text}' is heard, and came on a dead socket`);
    else if (this.#gone.has(text)) {
      this.#journal.breaks(`'${text}' is heard, and was ${this.#gone.get(text)}`);
    } else arrival.fate = "heard";
    this.#gone.set(text, "heard");
    const [lastNumber, lastPart] = this.#last;
    if (number < lastNumber || (number === lastNumber && part <= lastPart)) {
      this.#journal.breaks(`'${text}' is heard after 'm${lastNumber}:${lastPart}'`);
    }
    this.#last = [number, part];
    this.#hearing = text;
  }

  /** All listeners were told: readers get it, those that a listener has just begun, too. */
  passOn(): void {
    for (const { model } of this.readings) model.push(this.#hearing);
  }

  lagged(skipped: number): void {
    this.#journal.saw("lagged");
    if (!(skipped > 0)) this.#journal.breaks(`'lagged' tells of ${skipped} messages`);
    this.#lagged += skipped;
  }

  open(
    reader: Reading["reader"],
    overflow: ReaderModel["overflow"],
    mark: number,
    isClosed: "done" | "gave up" | null,
    signal: AbortSignal | undefined,
  ): void {
    const isConnected = (): boolean => this.#state().status === "connected";
    const model = new ReaderModel(overflow, mark, this.#settings, isConnected);
    if (isClosed) model.finish(isClosed);
    this.readings.push({ reader, model, signal });
  }

  read(
    index: number,
    count: number,
    track: (promise: Promise<unknown>, name: string) => void,
  ): void {
    const reading = this.readings[index];
    for (let i = 0; reading && i < count; i++) {
      let expected: string | null = null;
      reading.model.next((answer) => (expected = answer));
      const check = (actual: string): void => {
        if (actual !== expected)
          this.#journal.breaks(`reader ${index} gets ${actual}, not ${expected}`);
        this.#journal.saw(`reader: ${actual.startsWith("m") ? "message" : actual}`);
      };
      const next = reading.reader.next().then(
        ({ done, value }) => check(done ? "done" : textOf(value)),
        (error: unknown) => check(codeOf(error) === "READER_OVERFLOW" ? "overflow" : "gave up"),
      );
      track(next, `next of reader ${index}`);
    }
  }

  /** The signal of a reader aborts, which ends it if it is not over. */
  abandoned(signal: AbortSignal): void {
    for (const reading of this.readings) {
      if (reading.signal === signal && !reading.model.isOver) reading.model.leave();
    }
  }

  leave(index: number): Promise<unknown> {
    const reading = this.readings[index];
    reading?.model.leave();
    return Promise.resolve(reading?.reader.return?.());
  }

  /** Readers end with the client. */
  finish(isGivenUp: boolean): void {
    for (const { model } of this.readings) model.finish(isGivenUp ? "gave up" : "done");
  }

  /** Nothing moves: what was received is where it belongs. */
  check(current: Socket | undefined, isConnected: boolean): void {
    for (const arrival of this.#arrivals) {
      if (arrival.fate !== "open" || arrival.isStray) continue;
      const { socket, number } = arrival;
      const isHere = socket === current;
      if (isHere && !isConnected) continue;
      // Dropped by the client, a connection takes along what hooks and handshakes had not let go.
      const mayBeLost =
        !isHere && (this.isLate || socket.isTerminated || !this.#wasReady.has(socket));
      if (!mayBeLost && !this.isLate)
        this.#journal.breaks(`message ${number} was received and never heard`);
      if (isHere && this.isLate) this.#backlogLost++;
      arrival.fate = "forgotten";
    }
    const skipped = this.readings.reduce((sum, { model }) => sum + model.skipped, 0);
    const exact = !this.isLate;
    if (exact ? this.#lagged !== skipped : this.#lagged < skipped) {
      this.#journal.breaks(`readers skipped ${skipped} messages, 'lagged' told of ${this.#lagged}`);
    }
    if (this.#backlogLost > this.#lagged - skipped && !this.splits) {
      this.#journal.breaks(
        `${this.#backlogLost} messages of a backlog vanished, ${this.#lagged - skipped} told`,
      );
    }
    this.#checkPause(current, isConnected);
  }

  #backlogLost = 0;
  readonly #wasReady = new Set<Socket>();

  /** All handshakes of that socket are done. */
  ready(socket: Socket | undefined): void {
    if (socket) this.#wasReady.add(socket);
  }

  /** A full reader stops the server; when all are below half of their marks it goes on. */
  #checkPause(current: Socket | undefined, isConnected: boolean): void {
    if (!current || !isConnected || !this.#settings.canPause) return;
    const fill = Math.max(0, ...this.readings.map(({ model }) => model.fill));
    if (fill >= 1 && !current.isPaused)
      this.#journal.breaks("a full reader does not pause the socket");
    if (fill < 0.5 && current.isPaused)
      this.#journal.breaks("the socket is paused, and no reader is full");
  }

  #settle(message: Message, fate: "claimed" | "dropped"): void {
    const text = textOf(message);
    const arrival = this.#arrivals[numberOf(text, "m") - 1];
    if (!arrival || arrival.isStray) this.#journal.breaks(`'${text}' is ${fate} and never came`);
    else if (this.#gone.has(text)) {
      this.#journal.breaks(`'${text}' is ${fate}, and was ${this.#gone.get(text)}`);
    } else if (arrival.fate === "open") arrival.fate = fate;
    this.#gone.set(text, fate);
  }
}
