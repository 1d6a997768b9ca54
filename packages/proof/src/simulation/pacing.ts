import type {
  ClientEvents,
  ClientState,
  ConnectError,
  DisconnectCause,
} from "@stream-tungstenite/core";
import type { Journal } from "./journal.ts";
import type { Settings } from "./schedule.ts";

interface RetryContext {
  readonly attempt: number;
  readonly previousDelay: number | null;
  readonly uptime: number;
  readonly retryAfter: number | null;
  readonly cause: DisconnectCause;
}

interface Allowed {
  readonly attempt: number;
  readonly delay: number;
  readonly from: number;
}

/** Timers may fire so much early, in milliseconds. */
const slack = 0.5;

/** The books of one outage after the other: no attempt comes sooner than strategy, plugins and server allow. */
export class Pacing {
  readonly #journal: Journal;
  readonly #settings: Settings;
  readonly #now: () => number;
  /** Of this outage: retries so far, and the last delay. */
  #retries = 0;
  #previous: number | null = null;
  /** The next attempt, until it begins; and those that have yet to be told. */
  #allowed: Allowed | null = null;
  readonly #untold: Allowed[] = [];
  /** How often the application asked for a dial, less the dials that followed. */
  #asked = 0;

  constructor(journal: Journal, settings: Settings, now: () => number) {
    this.#journal = journal;
    this.#settings = settings;
    this.#now = now;
  }

  /** The application wants a connection; `afresh` forgets the outage at once. */
  asked(afresh: boolean, { status }: ClientState): void {
    const isUnderWay = status === "connecting" || status === "handshaking";
    const isEnough = !afresh && (status === "connected" || status === "waiting");
    if (!isUnderWay && !isEnough) this.#asked++;
    if (afresh) this.forget();
  }

  forget(): void {
    this.#retries = 0;
    this.#previous = null;
  }

  /** The strategy is asked. `stable` is the end of a connection that lasted. */
  asks({ attempt, previousDelay }: RetryContext, stable: boolean): void {
    if (stable) this.forget();
    const expected = this.#retries + 1;
    if (attempt !== expected)
      this.#journal.breaks(`retry ${attempt} is asked for, not ${expected}`);
    if (previousDelay !== this.#previous) {
      this.#journal.breaks(`the delay before was ${this.#previous}, not ${previousDelay}`);
    }
  }

  /** What it answers. */
  chooses({ attempt, cause }: RetryContext, wasGreeting: boolean): number | null {
    const { delays, adjusted, handshakeRetryDelay } = this.#settings;
    const chosen = delays[Math.min(attempt, delays.length) - 1]!;
    if (chosen === null) return null;
    const asked = (cause as Partial<ConnectError>).retryAfter ?? 0;
    if (asked > 0) this.#journal.saw("Retry-After");
    const delay = Math.max(adjusted ?? chosen, asked, wasGreeting ? handshakeRetryDelay : 0);
    // One more than so far, unless the outage was forgotten in between.
    const retry = ++this.#retries;
    this.#previous = delay;
    this.#allowed = { attempt: retry, delay, from: this.#now() + delay };
    this.#untold.push(this.#allowed);
    return chosen;
  }

  scheduled({ attempt, delay, until }: ClientEvents["reconnectScheduled"]): void {
    const right = this.#untold.shift();
    if (attempt !== right?.attempt || delay !== right.delay || until !== right.from) {
      const told = `attempt ${attempt} in ${delay} ms, at ${until}`;
      this.#journal.breaks(
        `${told} is told, not ${right?.attempt} in ${right?.delay} at ${right?.from}`,
      );
    }
  }

  /** An attempt begins. */
  attempts(attempt: number): void {
    if (attempt === 0) {
      if (this.#asked-- === 0) this.#journal.breaks("dials as if asked to, but nobody did");
      this.forget();
    } else {
      const right = this.#allowed;
      if (right?.attempt !== attempt) this.#journal.breaks(`attempt ${attempt} was never allowed`);
      else if (this.#now() < right.from - slack) {
        this.#journal.breaks(`attempt ${attempt} begins at ${this.#now()}, before ${right.from}`);
      }
    }
    this.#allowed = null;
  }
}
