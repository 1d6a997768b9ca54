import { IdleTimeoutError } from "@stream-tungstenite/core";
import type { PluginContext } from "@stream-tungstenite/core";
import { messageProbe } from "./message-probe.ts";
import type { Settings } from "./options.ts";
import type { Probe, ProbeListener } from "./probe.ts";
import type { RoundTrip } from "./round-trip.ts";

/** Looks within the time in which nothing may come. */
const looks = 4;

/**
 * Watches one connection: counts no message and reads no clock when one arrives, but looks now and then
 * whether the count of received frames has moved. After the answer to a question, when there may be nothing
 * for long, it listens for the next frame instead and looks only when the next question is due.
 *
 * ```text
 *            ┌────── a frame, whatever it is ──────┐
 *            ▼                                     │
 *          quiet ── silent for `interval` ──► questioned ── silent for `timeout` ──► lost
 *                   or somebody doubts it          ▲  │
 *                                                  └──┘ looked too late to know: asked again
 * ```
 */
export class Watch implements ProbeListener {
  readonly #context: PluginContext;
  readonly #settings: Settings;
  readonly #trip: RoundTrip;
  /** Without one it asks by ping frames (RFC 6455 §5.5.2). */
  readonly #probe: Probe | undefined;
  /** Frames received when it was last looked. */
  #received = 0;
  /** The latest time at which those frames can have come. */
  #heardAt = 0;
  #lookedAt = 0;
  /** When the next look should be. */
  #nextAt = 0;
  /** The next frame calls for a look: until then none is needed. */
  #isListening = false;
  /** When an unanswered question means the loss; Infinity when none was asked. */
  #judgeAt = Infinity;
  /** The question is not older than the silence. */
  #isAsked = false;
  /** Questions asked again, one after another, because the look came late or the question was too old. */
  #lates = 0;
  #cancel: (() => void) | undefined;
  #stopped = false;
  readonly #onEvent = (): void => this.#look();
  readonly #onPong = (rtt: number): void => this.answered(rtt);

  constructor(context: PluginContext, settings: Settings, trip: RoundTrip) {
    this.#context = context;
    this.#settings = settings;
    this.#trip = trip;
    if (!context.canPing) this.#probe = messageProbe(context, settings, this);
    this.#listen();
    this.#rest(context.clock.now());
  }

  /** Asks at once, unless an answer is awaited already. */
  probe(): void {
    if (this.#judgeAt === Infinity) this.#ask(this.#context.clock.now());
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#probe?.stop();
  }

  answered(rtt: number): void {
    // A longer one was spent asleep or paused, not on the way.
    if (!this.#stopped && rtt <= this.#settings.timeout) this.#trip.add(rtt);
  }

  failed(error: unknown): void {
    if (this.#stopped) return;
    this.#rest(this.#context.clock.now());
    this.#context.report(error);
  }

  /** The timer is due, or the frame that it listened for has come. */
  #look(): void {
    if (this.#stopped) return;
    const context = this.#context;
    const { name, interval, timeout } = this.#settings;
    const now = context.clock.now();
    const late = now - this.#nextAt;
    if (context.received !== this.#received) {
      this.#isListening = false;
      // Asleep or throttled for nearly an interval: the frames may be from before.
      if (late >= interval * (1 - 1 / looks)) return this.#ask(now);
      if (this.#judgeAt < Infinity) this.#listen();
      return this.#rest(now);
    }
    // No frame, so it was the timer: cancelling it now would cost as much as it did.
    this.#cancel = undefined;
    // The clock was set back, or cannot show a fraction: the timer knows better, deadlines move along.
    if (late < 0) this.#postpone(late);
    // Nothing can be heard.
    if (context.paused) this.#postpone(now - this.#lookedAt);
    this.#lookedAt = now;
    if (this.#judgeAt === Infinity) {
      if (now - this.#heardAt >= interval) return this.#ask(now);
    } else if (now >= this.#judgeAt) {
      // The answer to a question asked before a sleep may wait unread. Where timers are always late, as in
      // a hidden tab, a dead connection has to be found all the same.
      const isDoubtful = !this.#isAsked || late >= timeout / 4;
      if (isDoubtful && this.#lates++ < mostLates) return this.#ask(now);
      const close = { code: 1006, reason: "", wasClean: false };
      const message = `Heartbeat '${name}' got no sign of life within ${timeout} ms`;
      return context.fail(new IdleTimeoutError(close, message));
    }
    this.#arm(now);
  }

  #postpone(time: number): void {
    this.#lookedAt += time;
    this.#heardAt += time;
    this.#judgeAt += time;
  }

  #ask(now: number): void {
    this.#listen();
    // Before sending, which may find the connection dead and stop all this.
    this.#await(now, now + this.#settings.timeout);
    this.#isAsked = this.#probe?.send() ?? this.#ping();
  }

  #ping(): true {
    try {
      this.#context.ping(this.#onPong);
    } catch {
      // A ping that fails is one that is not answered: the deadline judges both.
    }
    return true;
  }

  /** Begins to wait for silence anew. */
  #rest(now: number): void {
    this.#heardAt = now;
    this.#lates = 0;
    this.#await(now, Infinity);
  }

  #await(now: number, judgeAt: number): void {
    this.#lookedAt = now;
    this.#received = this.#context.received;
    this.#judgeAt = judgeAt;
    this.#arm(now);
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#context.onNextFrame(this.#onEvent);
  }

  #arm(now: number): void {
    this.#cancel?.();
    const { clock, paused } = this.#context;
    const { interval, timeout } = this.#settings;
    let due = this.#judgeAt;
    let step = Math.min(interval, timeout) / looks;
    if (due === Infinity) {
      due = this.#heardAt + interval;
      step = this.#isListening && !paused ? interval : interval / looks;
    }
    // A fraction that the clock cannot show would be waited for again and again.
    const delay = Math.max(1, Math.min(step, due - now));
    this.#nextAt = now + delay;
    this.#cancel = clock.schedule(delay, this.#onEvent);
  }
}

const mostLates = 3;
