import { describe, expect, test } from "vitest";
import { MessageDroppedError, QueueFullError } from "./errors.ts";
import type { DropReason } from "./errors.ts";
import type { Message } from "./message.ts";
import type { ResolvedSendQueue } from "./options.ts";
import { Pending } from "./pending.ts";
import { SendQueue } from "./send-queue.ts";
import type { QueuedMessage } from "./send-queue.ts";
import { watch } from "./test-kit.ts";
import type { Outcome } from "./test-kit.ts";
import { manualClock, seededRandom } from "./testing/index.ts";
import type { ManualClock } from "./testing/index.ts";

interface Bench {
  readonly queue: SendQueue;
  readonly clock: ManualClock;
  readonly dropped: (readonly [DropReason, ...Message[]])[];
  readonly offer: (message: string, maxAge?: number) => "queued" | "dropped";
  readonly wait: (
    message: string,
    maxAge?: number,
  ) => { readonly entry: QueuedMessage; readonly outcome: Outcome<void> };
  /** Takes everything out. */
  readonly rest: () => Message[];
}

function bench(options: Partial<ResolvedSendQueue> = {}, onDropped?: () => void): Bench {
  const clock = manualClock();
  const dropped: (readonly [DropReason, ...Message[]])[] = [];
  const queue = new SendQueue(
    {
      capacity: 3,
      maxBytes: 100,
      overflow: "reject",
      whileDisconnected: "hold",
      maxAge: undefined,
      ...options,
    },
    clock,
    {
      dropped(messages, reason) {
        dropped.push([reason, ...messages]);
        onDropped?.();
      },
    },
  );
  return {
    queue,
    clock,
    dropped,
    offer: (message, maxAge) => queue.offer(queue.entry(message, maxAge)),
    wait(message, maxAge) {
      const pending = new Pending<void>(clock);
      const entry = queue.entry(message, maxAge, pending);
      queue.wait(entry);
      return { entry, outcome: watch(pending.promise) };
    },
    rest() {
      const messages: Message[] = [];
      for (queue.expire(); queue.length > 0;) messages.push(queue.shift().message);
      return messages;
    },
  };
}

describe("The send queue", () => {
  test("gives messages back in the order in which they were accepted", () => {
    const { queue, offer, rest } = bench();
    for (const message of ["a", "bb", "c"]) expect(offer(message)).toBe("queued");
    expect(queue.length).toBe(3);
    expect(queue.bytes).toBe(4);
    expect(rest()).toEqual(["a", "bb", "c"]);
    expect(queue.bytes).toBe(0);
  });

  test("remembers that something was queued", () => {
    const { queue, offer } = bench();
    expect(queue.filled).toBe(false);
    offer("a");
    expect(queue.filled).toBe(true);
  });

  test("refuses a message that is too large for it even when empty, counting UTF-8", () => {
    const { queue } = bench({ maxBytes: 6 });
    queue.check("€€");
    queue.check("abcdef");
    queue.check(new Uint8Array(6));
    expect(() => queue.check("€€a")).toThrow(
      new QueueFullError("A message of 7 bytes exceeds sendQueue.maxBytes, 6"),
    );
    expect(() => queue.check(new Uint8Array(7))).toThrow(QueueFullError);
  });

  describe("that is full", () => {
    test("rejects, and says how full it is", () => {
      const { offer, dropped, rest } = bench({ capacity: 2 });
      offer("a");
      offer("b");
      expect(() => offer("c")).toThrow(
        new QueueFullError("The send queue is full: 2 of 2 messages, 2 of 100 bytes"),
      );
      expect(rest()).toEqual(["a", "b"]);
      expect(dropped).toEqual([]);
    });

    test("is so by bytes, too", () => {
      const { offer, rest } = bench({ maxBytes: 5 });
      offer("aaa");
      offer("bb");
      expect(() => offer("c")).toThrow(QueueFullError);
      expect(rest()).toEqual(["aaa", "bb"]);
      expect(offer("ccccc")).toBe("queued");
    });

    test("drops the newest", () => {
      const { offer, dropped, rest } = bench({ capacity: 1, overflow: "drop-newest" });
      offer("a");
      expect(offer("b")).toBe("dropped");
      expect(dropped).toEqual([["overflow", "b"]]);
      expect(rest()).toEqual(["a"]);
    });

    test("drops as many of the oldest as the new one needs, and tells once", () => {
      const { queue, offer, dropped, rest } = bench({ maxBytes: 5, overflow: "drop-oldest" });
      offer("aa");
      offer("b");
      offer("cc");
      expect(offer("ddd")).toBe("queued");
      expect(dropped).toEqual([["overflow", "aa", "b"]]);
      expect(queue.bytes).toBe(5);
      expect(rest()).toEqual(["cc", "ddd"]);
    });

    test("rejects the promise of a message that it evicts", async () => {
      const { clock, offer, wait } = bench({ capacity: 1, overflow: "drop-oldest" });
      const { outcome } = wait("a");
      offer("b");
      await clock.settle();
      expect(outcome.error).toEqual(new MessageDroppedError("overflow"));
    });

    test("keeps its limit even when somebody sends from within the news of a drop", () => {
      const again = (): void => {
        if (dropped.length === 1) offer("c");
      };
      const { queue, offer, dropped, rest } = bench(
        { capacity: 1, overflow: "drop-oldest" },
        again,
      );
      offer("a");
      offer("b");
      expect(queue.length).toBe(1);
      expect(dropped).toEqual([
        ["overflow", "a"],
        ["overflow", "b"],
      ]);
      expect(rest()).toEqual(["c"]);
    });
  });

  describe("while somebody waits for room", () => {
    test("lets them in first in, first out", () => {
      const { queue, offer, wait } = bench({ capacity: 1 });
      offer("a");
      wait("b");
      wait("c");
      expect(queue.length).toBe(1);
      expect(queue.shift().message).toBe("a");
      expect(queue.shift().message).toBe("b");
      expect(queue.shift().message).toBe("c");
    });

    test("makes a small one wait behind a large one", () => {
      const { queue, offer, wait } = bench({ maxBytes: 5 });
      offer("aaa");
      wait("bbbb");
      wait("c");
      expect(queue.length).toBe(1);
      queue.shift();
      expect(queue.length).toBe(2);
    });

    test("is full for everybody else, even for one that would fit", () => {
      const { offer, wait, rest } = bench({ maxBytes: 5 });
      offer("aaa");
      wait("bbbb");
      expect(() => offer("c")).toThrow(QueueFullError);
      expect(rest()).toEqual(["aaa", "bbbb"]);
    });

    test("evicts one at least under drop-oldest, and lets in who fits then", () => {
      const { offer, wait, dropped, rest } = bench({ maxBytes: 5, overflow: "drop-oldest" });
      offer("aaa");
      wait("bbbb");
      expect(offer("c")).toBe("queued");
      expect(dropped).toEqual([["overflow", "aaa"]]);
      expect(rest()).toEqual(["c", "bbbb"]);
    });

    test("lets in the next when the first is abandoned", () => {
      const { queue, offer, wait, rest } = bench({ maxBytes: 5 });
      offer("aaa");
      const { entry } = wait("bbbb");
      wait("c");
      queue.remove(entry);
      expect(queue.length).toBe(2);
      expect(rest()).toEqual(["aaa", "c"]);
    });
  });

  test("forgets an abandoned message wherever it is", () => {
    const { queue, wait, dropped } = bench({ capacity: 1 });
    const first = wait("a");
    const second = wait("b");
    queue.remove(first.entry);
    expect(queue.bytes).toBe(1);
    queue.remove(second.entry);
    expect(queue.length).toBe(0);
    expect(queue.bytes).toBe(0);
    expect(dropped).toEqual([]);
  });

  describe("with maxAge", () => {
    test("drops what is too old, by the queue's age or the message's own", async () => {
      const { clock, offer, dropped, rest } = bench({ maxAge: 10 });
      offer("queue's");
      offer("shorter", 5);
      offer("longer", 20);
      await clock.advance(4);
      expect(dropped).toEqual([]);
      await clock.advance(1);
      expect(dropped).toEqual([["expired", "shorter"]]);
      await clock.advance(5);
      expect(dropped).toEqual([
        ["expired", "shorter"],
        ["expired", "queue's"],
      ]);
      expect(rest()).toEqual(["longer"]);
    });

    test("rejects the promise of a message that expires, in the queue or waiting for room", async () => {
      const { clock, wait, dropped } = bench({ capacity: 1, maxAge: 10 });
      const queued = wait("a");
      const waiting = wait("b", 5);
      await clock.advance(5);
      expect(waiting.outcome.error).toEqual(new MessageDroppedError("expired"));
      await clock.advance(5);
      expect(queued.outcome.error).toEqual(new MessageDroppedError("expired"));
      expect(dropped).toEqual([
        ["expired", "b"],
        ["expired", "a"],
      ]);
    });

    test("lets in who waits when something expires", async () => {
      const { clock, offer, wait, rest } = bench({ capacity: 1 });
      offer("a", 5);
      wait("b");
      await clock.advance(5);
      expect(rest()).toEqual(["b"]);
    });

    test("0, of the message or of the queue, accepts nothing", async () => {
      const now = bench({ maxAge: 0 });
      expect(now.offer("a")).toBe("dropped");
      expect(now.queue.filled).toBe(false);
      expect(now.offer("b", 1)).toBe("queued");
      const { offer, wait, clock, dropped } = bench();
      expect(offer("a", 0)).toBe("dropped");
      const { outcome } = wait("b", 0);
      await clock.settle();
      expect(outcome.error).toEqual(new MessageDroppedError("expired"));
      expect(dropped).toEqual([
        ["expired", "a"],
        ["expired", "b"],
      ]);
    });

    test("does not trust its timer, which may be late after a sleep", () => {
      const { clock, offer, dropped, rest } = bench({ capacity: 1 });
      offer("a", 5);
      clock.jump(5);
      expect(offer("b", 5)).toBe("queued");
      expect(dropped).toEqual([["expired", "a"]]);
      clock.jump(5);
      expect(rest()).toEqual([]);
      expect(dropped).toHaveLength(2);
    });

    test("has no timer once it is empty, however it became so", () => {
      const { clock, queue, offer, wait, rest } = bench({ maxAge: 10 });
      offer("a");
      expect(clock.pending).toBe(1);
      rest();
      expect(clock.pending).toBe(0);
      const { entry } = wait("b");
      expect(clock.pending).toBe(1);
      queue.remove(entry);
      expect(clock.pending).toBe(0);
      offer("c");
      queue.clear("closed");
      expect(clock.pending).toBe(0);
    });

    test("expires a message although the timer fired early", () => {
      const clock = manualClock();
      const early = {
        now: () => clock.now(),
        schedule: (delay: number, task: () => void) => clock.schedule(Math.max(1, delay - 1), task),
      };
      const dropped: Message[] = [];
      const options = { capacity: 9, maxBytes: 99, maxAge: 5 } as const;
      const queue = new SendQueue(
        { ...options, overflow: "reject", whileDisconnected: "hold" },
        early,
        { dropped: (messages) => void dropped.push(...messages) },
      );
      queue.offer(queue.entry("a"));
      clock.advanceSync(4);
      expect(dropped).toEqual([]);
      clock.advanceSync(1);
      expect(dropped).toEqual(["a"]);
      expect(clock.pending).toBe(0);
    });

    test("reads no clock where nothing can expire", () => {
      const bare = { now: () => expect.unreachable(), schedule: () => expect.unreachable() };
      const options = { capacity: 9, maxBytes: 99, maxAge: undefined } as const;
      const queue = new SendQueue(
        { ...options, overflow: "reject", whileDisconnected: "hold" },
        bare,
        { dropped() {} },
      );
      queue.offer(queue.entry("a"));
      queue.expire();
      queue.putBack(queue.shift());
      expect(queue.length).toBe(1);
    });
  });

  describe("puts back what no transport took", () => {
    test("before all others, whatever the limits say", () => {
      const { queue, offer, rest } = bench({ capacity: 2 });
      offer("a");
      offer("b");
      const first = queue.shift();
      offer("c");
      queue.filled = false;
      queue.putBack(first);
      expect(queue.length).toBe(3);
      expect(queue.bytes).toBe(3);
      expect(queue.filled).toBe(true);
      expect(rest()).toEqual(["a", "b", "c"]);
    });

    test("in a place before those that are there", () => {
      const { queue, offer } = bench();
      offer("a");
      offer("b");
      queue.putBack(queue.shift());
      expect(queue.first).toBeLessThan(queue.last);
      queue.shift();
      expect(queue.first).toBe(queue.last);
    });

    test("in a place that a flush called meanwhile covers", () => {
      const { queue, offer } = bench();
      const entry = queue.entry("never queued");
      const covered = queue.last;
      queue.putBack(entry);
      expect(queue.first).toBeLessThanOrEqual(covered);
      offer("later");
      queue.shift();
      expect(queue.first).toBeGreaterThan(covered);
    });

    test("unless it is too old by now", () => {
      const { clock, queue, offer, dropped } = bench();
      offer("a", 5);
      const entry = queue.shift();
      clock.jump(5);
      queue.putBack(entry);
      expect(queue.length).toBe(0);
      expect(dropped).toEqual([["expired", "a"]]);
    });

    test("and watches its age again", async () => {
      const { clock, queue, offer, dropped } = bench();
      offer("a", 5);
      queue.putBack(queue.shift());
      await clock.advance(5);
      expect(dropped).toEqual([["expired", "a"]]);
    });

    test("unless it was abandoned", () => {
      const { queue, wait } = bench();
      const { entry } = wait("a");
      queue.shift();
      entry.pending?.reject(new Error("abandoned"));
      queue.putBack(entry);
      expect(queue.length).toBe(0);
    });
  });

  test("drops everything at once, those who wait for room too", async () => {
    const { clock, queue, offer, wait, dropped } = bench({ capacity: 1 });
    offer("a");
    const { outcome } = wait("b");
    expect(queue.clear("closed")).toBe(2);
    await clock.settle();
    expect(outcome.error).toEqual(new MessageDroppedError("closed"));
    expect(dropped).toEqual([["closed", "a", "b"]]);
    expect([queue.length, queue.bytes, queue.filled]).toEqual([0, 0, false]);
    expect(queue.clear("closed")).toBe(0);
    expect(dropped).toHaveLength(1);
  });
});

/** The same queue, written without a thought for speed. */
class Model {
  entries: { id: string; bytes: number; expires: number }[] = [];
  waiters: { id: string; bytes: number; expires: number }[] = [];
  readonly dropped: string[] = [];
  now = 0;
  readonly #options: ResolvedSendQueue;

  constructor(options: ResolvedSendQueue) {
    this.#options = options;
  }
  get bytes(): number {
    return this.entries.reduce((sum, { bytes }) => sum + bytes, 0);
  }
  fits(bytes: number): boolean {
    return this.entries.length < this.#options.capacity && this.bytes + bytes <= 20;
  }
  admit(): void {
    while (this.waiters[0] && this.fits(this.waiters[0].bytes)) {
      this.entries.push(this.waiters.shift()!);
    }
  }
  offer(id: string, bytes: number, age: number): string {
    this.expire();
    if (age === 0) return (this.dropped.push(`expired ${id}`), "dropped");
    if (this.waiters.length > 0 || !this.fits(bytes)) {
      if (this.#options.overflow === "reject") return "full";
      if (this.#options.overflow === "drop-newest") {
        return (this.dropped.push(`overflow ${id}`), "dropped");
      }
      do this.dropped.push(`overflow ${this.entries.shift()!.id}`);
      while (!this.fits(bytes));
    }
    this.entries.push({ id, bytes, expires: this.now + age });
    this.admit();
    return "queued";
  }
  wait(id: string, bytes: number, age: number): void {
    if (age === 0) this.dropped.push(`expired ${id}`);
    else this.waiters.push({ id, bytes, expires: this.now + age });
    this.admit();
  }
  expire(): void {
    const isOld = ({ expires }: { expires: number }): boolean => expires <= this.now;
    for (const { id } of [...this.entries.filter(isOld), ...this.waiters.filter(isOld)]) {
      this.dropped.push(`expired ${id}`);
    }
    this.entries = this.entries.filter((entry) => !isOld(entry));
    this.waiters = this.waiters.filter((entry) => !isOld(entry));
    this.admit();
  }
  shift(): string | undefined {
    const entry = this.entries.shift();
    this.admit();
    return entry?.id;
  }
  remove(id: string): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
    this.waiters = this.waiters.filter((entry) => entry.id !== id);
    this.admit();
  }
  clear(): void {
    for (const { id } of [...this.entries, ...this.waiters]) this.dropped.push(`closed ${id}`);
    this.entries = [];
    this.waiters = [];
  }
}

test.each(["reject", "drop-oldest", "drop-newest"] as const)(
  "under %s the send queue does what a naive model does, in any order of calls",
  async (overflow) => {
    for (let seed = 0; seed < 60; seed++) {
      const random = seededRandom(seed);
      const pick = (count: number): number => Math.floor(random() * count);
      const options: ResolvedSendQueue = {
        capacity: 1 + pick(6),
        maxBytes: 20,
        overflow,
        whileDisconnected: "hold",
        maxAge: undefined,
      };
      const model = new Model(options);
      const { queue, clock, dropped } = bench(options);
      const known: QueuedMessage[] = [];
      const answers: unknown[] = [];
      const wanted: unknown[] = [];
      for (let n = 0; n < 200; n++) {
        const id = `${n}:`.padEnd(4 + pick(17), ".");
        const age = [Infinity, Infinity, 0, 5, 30][pick(5)]!;
        switch (pick(8)) {
          case 0:
          case 1: {
            const entry = queue.entry(id, age);
            try {
              answers.push(queue.offer(entry));
            } catch {
              answers.push("full");
            }
            wanted.push(model.offer(id, id.length, age));
            known.push(entry);
            break;
          }
          case 2:
          case 3: {
            const entry = queue.entry(id, age, new Pending<void>(clock));
            queue.wait(entry);
            model.wait(id, id.length, age);
            known.push(entry);
            break;
          }
          case 4:
          case 5:
            queue.expire();
            model.expire();
            answers.push(queue.length > 0 ? queue.shift().message : undefined);
            wanted.push(model.shift());
            break;
          case 6: {
            const entry = known[pick(known.length)];
            if (entry) {
              queue.remove(entry);
              model.remove(String(entry.message));
            }
            break;
          }
          default:
            model.now += pick(10);
            await clock.advanceTo(model.now);
            model.expire();
            if (pick(20) === 0) {
              queue.clear("closed");
              model.clear();
            }
        }
        answers.push(queue.length, queue.bytes, queue.bytes <= 20);
        wanted.push(model.entries.length, model.bytes, true);
      }
      expect(answers).toEqual(wanted);
      const flat = dropped.flatMap(([reason, ...all]) =>
        all.map((one) => `${reason} ${String(one)}`),
      );
      expect(flat.toSorted()).toEqual(model.dropped.toSorted());
      queue.clear("closed");
      expect(clock.pending).toBe(0);
    }
  },
);
