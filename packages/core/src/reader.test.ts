import { describe, expect, test } from "vitest";
import { ReaderOverflowError } from "./errors.ts";
import { Reader } from "./reader.ts";
import { watch } from "./test-kit.ts";
import { manualClock } from "./testing/index.ts";

type Overflow = ConstructorParameters<typeof Reader>[2];

/** A reader of numbers with a mark of 4, and what it told its host. */
function bench(overflow: Overflow, canPause = true, signal?: AbortSignal) {
  const log: string[] = [];
  const host = {
    canPause,
    isPaused: false,
    pressure: () => log.push("pressure"),
    lagged: (skipped: number) => log.push(`lagged ${skipped}`),
    left: () => log.push("left"),
  };
  const reader = new Reader<number>(host, 4, overflow, signal);
  return { reader, log, host };
}

/** Takes what is buffered. */
async function buffered(reader: Reader<number>): Promise<number[]> {
  reader.finish(null);
  const items: number[] = [];
  for await (const item of reader) items.push(item);
  return items;
}

const done = { done: true, value: undefined };

describe("A reader", () => {
  test("gives what it got, in order, then what comes", async () => {
    const { reader } = bench("pause");
    reader.push(1);
    reader.push(2);
    expect(await reader.next()).toEqual({ done: false, value: 1 });
    expect(await reader.next()).toEqual({ done: false, value: 2 });
    const third = reader.next();
    const fourth = reader.next();
    reader.push(3);
    reader.push(4);
    expect(await third).toEqual({ done: false, value: 3 });
    expect(await fourth).toEqual({ done: false, value: 4 });
  });

  test("is its own iterator", () => {
    const { reader } = bench("pause");
    expect(reader[Symbol.asyncIterator]()).toBe(reader);
  });

  test("ends everybody who waits, after what is buffered was read", async () => {
    const { reader, log } = bench("pause");
    const waiting = [reader.next(), reader.next()];
    reader.finish(null);
    expect(await Promise.all(waiting)).toEqual([done, done]);
    expect(log).toEqual(["left"]);
    const other = bench("drop-oldest").reader;
    other.push(1);
    other.finish(null);
    expect(await other.next()).toEqual({ done: false, value: 1 });
    expect(await other.next()).toEqual(done);
  });

  test("throws an error once, to the first who asks; then it is over", async () => {
    const error = new Error("gave up");
    const { reader } = bench("pause");
    reader.push(1);
    reader.finish(error);
    reader.finish(new Error("later"));
    expect(await reader.next()).toEqual({ done: false, value: 1 });
    await expect(reader.next()).rejects.toBe(error);
    expect(await reader.next()).toEqual(done);
    const waiting = bench("pause").reader;
    const first = watch(waiting.next());
    const second = watch(waiting.next());
    waiting.finish(error);
    await manualClock().settle();
    expect(first.error).toBe(error);
    expect(second.value).toEqual(done);
  });

  test("that is left drops what it holds, and its error", async () => {
    const { reader, log } = bench("pause");
    reader.push(1);
    expect(await reader.return()).toEqual(done);
    expect(await reader.next()).toEqual(done);
    expect(log).toEqual(["left"]);
    const broken = bench("pause").reader;
    broken.finish(new Error("gave up"));
    await broken.return();
    expect(await broken.next()).toEqual(done);
  });

  test("that is left ends everybody who waits", async () => {
    const { reader } = bench("pause");
    const waiting = [reader.next(), reader.next()];
    await reader.return();
    expect(await Promise.all(waiting)).toEqual([done, done]);
  });

  test("ends with its signal, and stops listening to it when it ends before", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { reader, log } = bench("pause", true, signal);
    const waiting = reader.next();
    reader.push(1);
    reader.push(2);
    controller.abort();
    expect(await waiting).toEqual({ done: false, value: 1 });
    expect(await reader.next()).toEqual(done);
    expect(log).toEqual(["left"]);
    const other = new AbortController();
    const early = bench("pause", true, other.signal);
    early.reader.push(1);
    early.reader.finish(null);
    other.abort();
    expect(await early.reader.next()).toEqual({ done: false, value: 1 });
  });
});

describe("A full reader", () => {
  const five = [1, 2, 3, 4, 5];

  test("under 'drop-oldest' drops the oldest and tells", async () => {
    const { reader, log } = bench("drop-oldest");
    for (const item of five) reader.push(item);
    expect(log.filter((line) => line !== "pressure")).toEqual(["lagged 1"]);
    expect(reader.fill).toBe(0);
    expect(await buffered(reader)).toEqual([2, 3, 4, 5]);
  });

  test("under 'drop-newest' drops the newest and tells", async () => {
    const { reader, log } = bench("drop-newest");
    for (const item of five) reader.push(item);
    expect(log.filter((line) => line !== "pressure")).toEqual(["lagged 1"]);
    expect(await buffered(reader)).toEqual([1, 2, 3, 4]);
  });

  test("under 'error' ends with an error, after what it holds was read", async () => {
    const { reader, log } = bench("error");
    for (const item of five) reader.push(item);
    expect(log.at(-1)).toBe("left");
    for (const value of [1, 2, 3, 4]) expect(await reader.next()).toEqual({ done: false, value });
    await expect(reader.next()).rejects.toEqual(new ReaderOverflowError(4));
    expect(await reader.next()).toEqual(done);
  });

  test("under 'pause' takes what was on its way, once somebody reads", async () => {
    const { reader, log } = bench("pause");
    const first = reader.next();
    reader.push(0);
    await first;
    for (const item of five) reader.push(item);
    expect(log).not.toContain("lagged 1");
    expect(reader.fill).toBe(1.25);
    expect(await buffered(reader)).toEqual(five);
  });

  test("under 'pause' drops the oldest while nobody reads yet, and slows nobody", async () => {
    const { reader, log } = bench("pause");
    for (const item of five) reader.push(item);
    expect(log).toContain("lagged 1");
    expect(reader.fill).toBe(0);
    expect(await reader.next()).toEqual({ done: false, value: 2 });
    expect(reader.fill).toBe(0.75);
  });

  test("under 'pause' drops the oldest where the source cannot pause", async () => {
    const { reader, log } = bench("pause", false);
    const first = reader.next();
    reader.push(0);
    await first;
    for (const item of five) reader.push(item);
    expect(log).toContain("lagged 1");
    expect(await buffered(reader)).toEqual([2, 3, 4, 5]);
  });

  test("tells when it is at its mark, and of every message read while the source is paused", async () => {
    const { reader, log, host } = bench("pause");
    for (const item of [1, 2, 3]) reader.push(item);
    expect(log).toEqual([]);
    reader.push(4);
    expect(log).toEqual(["pressure"]);
    await reader.next();
    expect(log).toEqual(["pressure"]);
    host.isPaused = true;
    await reader.next();
    expect(log).toEqual(["pressure", "pressure"]);
  });

  test("keeps nothing when it is left from within the news of its lag", async () => {
    const { reader, host } = bench("drop-oldest");
    host.lagged = () => (void reader.return(), 0);
    for (const item of five) reader.push(item);
    expect(await reader.next()).toEqual(done);
  });
});
