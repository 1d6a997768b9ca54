import type { Clock } from "@stream-tungstenite/core";

/** Somebody who is called when it is due. */
export interface Turn {
  /** On the rota's own time. */
  due: number;
  before: Turn | undefined;
  after: Turn | undefined;
  take(): void;
}

const rotas = /* @__PURE__ */ new WeakMap<Clock, Map<string, Rota>>();

/**
 * When those with the same settings are called, for all clients on one clock: a timer for each, made and
 * cancelled again and again, is what thousands of idle clients would spend most on. Everybody keeps a time of
 * his own. Nothing is left when nobody waits.
 *
 * ```text
 * timer ─► first of ┬ line 0:  ── a ──── b ─ c ──►   in order of time: joined at the end,
 *                   └ line 1:  d ── e ─────────►     since in one line all wait for about as long
 * ```
 */
export class Rota {
  readonly #clock: Clock;
  readonly #longest: number;
  readonly #leave: () => void;
  readonly #lines: readonly Turn[] = [line(), line(), line()];
  /** For whom the timer is. */
  #first: Turn | undefined;
  #cancel: (() => void) | undefined;
  #isCalling = false;
  /** Time never goes back here, whatever the clock does. */
  #time = -Infinity;
  #shift = 0;

  /** For those who wait `interval` at the longest. */
  static of(clock: Clock, interval: number, timeout: number): Rota {
    let known = rotas.get(clock);
    if (!known) rotas.set(clock, (known = new Map()));
    const key = `${interval} ${timeout}`;
    let rota = known.get(key);
    if (!rota) known.set(key, (rota = new Rota(clock, interval, () => known.delete(key))));
    return rota;
  }

  private constructor(clock: Clock, longest: number, leave: () => void) {
    this.#clock = clock;
    this.#longest = longest;
    this.#leave = leave;
  }

  /** Calls `turn` in `delay` milliseconds from `now`, and not when it was to be called before. */
  join(turn: Turn, index: 0 | 1 | 2, now: number, delay: number): void {
    unlink(turn);
    const due = (turn.due = this.#see(now) + delay);
    const end = this.#lines[index]!;
    let before = end.before!;
    while (before !== end && before.due > due) before = before.before!;
    turn.before = before;
    turn.after = before.after!;
    before.after = turn.after.before = turn;
    if (!this.#first || turn === this.#first || due < this.#first.due) this.#arm();
  }

  leave(turn: Turn): void {
    unlink(turn);
    if (turn === this.#first) this.#arm();
  }

  #arm(): void {
    if (this.#isCalling) return;
    this.#cancel?.();
    this.#cancel = this.#first = undefined;
    for (const end of this.#lines) {
      const head = end.after!;
      if (head.due < (this.#first?.due ?? Infinity)) this.#first = head;
    }
    if (!this.#first) return this.#leave();
    const delay = this.#first.due - this.#see(this.#clock.now());
    this.#cancel = this.#clock.schedule(Math.max(0, delay), this.#call);
  }

  /** The rota's time when the clock shows `now`; it is `least` or later. */
  #see(now: number, least: number = this.#time): number {
    let time = now + this.#shift;
    // Asleep, or the clock was set: all would be due at once, now and ever after.
    const due = this.#first?.due ?? time;
    if (time - due >= this.#longest) time = due;
    // It was set back.
    if (time < least) time = least;
    this.#shift = time - now;
    return (this.#time = time);
  }

  readonly #call = (): void => {
    const now = this.#clock.now();
    const { due } = this.#first!;
    const seen = this.#see(now);
    // The timer knows better than the clock. Clocks that cannot show a fraction are behind again and again:
    // followed each time, time would pass faster for those who wait.
    const time = due - seen > 1 ? this.#see(now, due) : Math.max(due, seen);
    this.#cancel = undefined;
    this.#isCalling = true;
    try {
      for (const end of this.#lines) {
        for (let turn = end.after!; turn.due <= time; turn = end.after!) {
          unlink(turn);
          turn.take();
        }
      }
    } finally {
      // One that throws keeps nobody else waiting.
      this.#isCalling = false;
      this.#arm();
    }
  };
}

/** Its end, which is its beginning too. */
function line(): Turn {
  const end: Turn = { due: Infinity, before: undefined, after: undefined, take() {} };
  return (end.before = end.after = end);
}

function unlink(turn: Turn): void {
  if (!turn.before) return;
  turn.before.after = turn.after;
  turn.after!.before = turn.before;
  turn.before = turn.after = undefined;
}
