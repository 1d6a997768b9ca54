import { IdleTimeoutError } from "@stream-tungstenite/core";
import type { PluginContext } from "@stream-tungstenite/core";
import { messageProbe } from "./message-probe.ts";
import type { Settings } from "./options.ts";
import { pingProbe } from "./ping-probe.ts";
import type { Probe, ProbeListener } from "./probe.ts";
import type { RoundTrip } from "./round-trip.ts";

/**
 * Watches one connection: counts no message and reads no clock when one arrives, but looks now and then
 * whether the count of received frames has moved.
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
  readonly #probe: Probe;
  /** Frames received when it was last looked. */
  #received = 0;
  /** The latest time at which those frames can have come. */
  #heardAt = 0;
  #lookedAt = 0;
  /** When the next look should be. */
  #nextAt = 0;
  /** When an unanswered question means the loss; Infinity when none was asked. */
  #judgeAt = Infinity;
  /** The question is not older than the silence. */
  #isAsked = false;
  /** Questions asked again, one after another, because the look came late or the question was too old. */
  #lates = 0;
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(context: PluginContext, settings: Settings, trip: RoundTrip) {
    this.#context = context;
    this.#settings = settings;
    this.#trip = trip;
    this.#probe = context.canPing
      ? pingProbe(context, this)
      : messageProbe(context, settings, this);
    this.#rest();
  }

  /** Asks at once, unless an answer is awaited already. */
  probe(): void {
    if (this.#judgeAt === Infinity) this.#ask();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
    this.#probe.stop();
  }

  answered(rtt: number): void {
    if (this.#stopped) return;
    // A longer one was spent asleep or paused, not on the way.
    if (rtt <= this.#settings.timeout) this.#trip.add(rtt);
    this.#rest();
  }

  failed(error: unknown): void {
    if (this.#stopped) return;
    this.#rest();
    this.#context.report(error);
  }

  #look(): void {
    const { clock, paused, received } = this.#context;
    const { name, interval, timeout } = this.#settings;
    const now = clock.now();
    const passed = now - this.#lookedAt;
    this.#lookedAt = now;
    if (paused || passed < 0) {
      // Nothing can be heard, or the clock was set back: deadlines move along.
      this.#heardAt += passed;
      this.#judgeAt += passed;
    } else if (received !== this.#received) {
      // Asleep or throttled for a whole interval: the frames may be from before.
      return passed >= interval ? this.#ask() : this.#rest();
    } else if (this.#judgeAt === Infinity) {
      if (now - this.#heardAt >= interval) return this.#ask();
    } else if (now >= this.#judgeAt) {
      // The answer to a question asked before a sleep may wait unread. Where timers are always late, as in
      // a hidden tab, a dead connection has to be found all the same.
      const isDoubtful = !this.#isAsked || now - this.#nextAt >= timeout / 4;
      if (isDoubtful && this.#lates++ < mostLates) return this.#ask();
      const close = { code: 1006, reason: "", wasClean: false };
      const message = `Heartbeat '${name}' got no sign of life within ${timeout} ms`;
      return this.#context.fail(new IdleTimeoutError(close, message));
    }
    this.#arm(now);
  }

  #ask(): void {
    const now = this.#context.clock.now();
    // Before sending, which may find the connection dead and stop all this.
    this.#await(now, now + this.#settings.timeout);
    this.#isAsked = this.#probe.send();
  }

  /** Begins to wait for silence anew. */
  #rest(): void {
    const now = this.#context.clock.now();
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

  #arm(now: number): void {
    this.#cancel?.();
    const { interval, timeout } = this.#settings;
    const isAsked = this.#judgeAt < Infinity;
    const span = isAsked ? Math.min(interval, timeout) : interval;
    const due = isAsked ? this.#judgeAt : this.#heardAt + interval;
    // A fraction that the clock cannot show would be waited for again and again.
    const delay = Math.max(1, Math.min(span / 4, due - now));
    this.#nextAt = now + delay;
    this.#cancel = this.#context.clock.schedule(delay, () => this.#look());
  }
}

const mostLates = 3;
