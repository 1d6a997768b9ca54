import { describe, expect, test, vi } from "vitest";
import { Downlink } from "./downlink.ts";
import { settled } from "./test-kit.ts";

/** A downlink, and what it has told so far. */
function made(): {
  readonly link: Downlink;
  readonly told: string[];
  readonly tell: (what: string) => () => void;
} {
  const told: string[] = [];
  return { link: new Downlink(), told, tell: (what) => () => void told.push(what) };
}

test("delivers at once, and posts for later", async () => {
  const { link, told, tell } = made();
  link.deliver(tell("delivered"));
  link.post(tell("posted"));
  expect(told).toEqual(["delivered"]);
  await settled();
  expect(told).toEqual(["delivered", "posted"]);
});

test("lets no delivery overtake what was posted, and delivers at once after it", async () => {
  const { link, told, tell } = made();
  link.post(tell("posted"));
  link.deliver(tell("behind"));
  expect(told).toEqual([]);
  await settled();
  expect(told).toEqual(["posted", "behind"]);
  link.deliver(tell("at once"));
  expect(told).toHaveLength(3);
});

test("does not deliver inside a delivery", async () => {
  const { link, told, tell } = made();
  link.deliver(() => {
    link.deliver(tell("inner"));
    told.push("outer");
  });
  expect(told).toEqual(["outer"]);
  await settled();
  expect(told).toEqual(["outer", "inner"]);
});

describe("while paused", () => {
  test("all waits, in order, and goes on in a microtask after resuming", async () => {
    const { link, told, tell } = made();
    link.pause();
    expect(link.paused).toBe(true);
    link.deliver(tell("one"));
    link.post(tell("two"));
    await settled();
    expect(told).toEqual([]);
    link.resume();
    expect(link.paused).toBe(false);
    link.deliver(tell("three"));
    expect(told).toEqual([]);
    await settled();
    expect(told).toEqual(["one", "two", "three"]);
  });

  test("what was posted before waits as well", async () => {
    const { link, told, tell } = made();
    link.post(tell("one"));
    link.pause();
    await settled();
    expect(told).toEqual([]);
    link.resume();
    await settled();
    expect(told).toEqual(["one"]);
  });

  test("pausing inside a delivery holds the next one", async () => {
    const { link, told, tell } = made();
    link.post(() => {
      told.push("one");
      link.pause();
    });
    link.post(tell("two"));
    await settled();
    expect(told).toEqual(["one"]);
    link.resume();
    link.resume();
    await settled();
    expect(told).toEqual(["one", "two"]);
  });
});

describe("a signal", () => {
  test("comes at once, paused or not, and before what waits", () => {
    const { link, told, tell } = made();
    link.pause();
    link.deliver(tell("waits"));
    link.signal(tell("signal"));
    expect(told).toEqual(["signal"]);
  });

  test("inside a delivery comes after it", async () => {
    const { link, told, tell } = made();
    link.deliver(() => {
      link.signal(tell("signal"));
      told.push("delivery");
    });
    expect(told).toEqual(["delivery"]);
    await settled();
    expect(told).toEqual(["delivery", "signal"]);
  });

  test("does not come after the end, which may have come meanwhile", async () => {
    const { link, told, tell } = made();
    link.deliver(() => {
      link.signal(tell("signal"));
      link.end();
    });
    link.signal(tell("late"));
    await settled();
    expect(told).toEqual([]);
  });
});

describe("the end", () => {
  test("drops what still waits", async () => {
    const { link, told, tell } = made();
    link.post(tell("posted"));
    link.end();
    await settled();
    expect(told).toEqual([]);
  });

  test("inside a delivery drops what is behind it", async () => {
    const { link, told, tell } = made();
    link.post(() => {
      told.push("one");
      link.end();
    });
    link.post(tell("two"));
    await settled();
    expect(told).toEqual(["one"]);
  });

  test("by a cut comes in a microtask, instead of what waits, though paused", async () => {
    const { link, told, tell } = made();
    link.pause();
    link.deliver(tell("waits"));
    link.cut(tell("last"));
    expect(told).toEqual([]);
    await settled();
    link.resume();
    await settled();
    expect(told).toEqual(["last"]);
  });
});

describe("a delivery that throws", () => {
  test("throws at who delivers it, and is over", () => {
    const { link, told, tell } = made();
    const fail = (): void => {
      throw new Error("listener");
    };
    expect(() => link.deliver(fail)).toThrow("listener");
    link.deliver(tell("at once"));
    expect(told).toEqual(["at once"]);
  });

  test("does not hold up those behind it, each of which comes once", () => {
    const turns: (() => void)[] = [];
    vi.stubGlobal("queueMicrotask", (turn: () => void) => void turns.push(turn));
    try {
      const { link, told, tell } = made();
      link.post(tell("one"));
      link.post(() => {
        throw new Error("listener");
      });
      link.post(tell("three"));
      expect(() => turns.shift()!()).toThrow("listener");
      expect(told).toEqual(["one"]);
      turns.shift()!();
      expect(told).toEqual(["one", "three"]);
      expect(turns).toEqual([]);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
