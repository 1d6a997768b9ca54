import { describe, expect, test } from "vitest";
import { settled } from "./test-kit.ts";
import { Uplink } from "./uplink.ts";

/** An uplink with a mark of 10 bytes, what arrived and how often it told of a drain. */
function made() {
  const seen = { arrived: [] as string[], drains: 0 };
  const link = new Uplink(10, () => seen.drains++);
  const hold = (bytes: number, name = `${bytes}`): void =>
    link.hold(bytes, () => void seen.arrived.push(name));
  return { link, seen, hold };
}

test("flows until it is slow, and again afterwards", () => {
  const { link } = made();
  expect([link.flows, link.bufferedAmount]).toEqual([true, 0]);
  link.slow();
  expect(link.flows).toBe(false);
  link.flow();
  expect(link.flows).toBe(true);
});

describe("what is held", () => {
  test("arrives in order, each when its last byte is drained", () => {
    const { link, seen, hold } = made();
    link.slow();
    hold(3);
    hold(0, "close frame");
    hold(2);
    expect(link.bufferedAmount).toBe(5);
    link.drain(2);
    expect([link.bufferedAmount, seen.arrived]).toEqual([3, []]);
    link.drain(1);
    expect([link.bufferedAmount, seen.arrived]).toEqual([2, ["3", "close frame"]]);
    link.drain(100);
    expect([link.bufferedAmount, seen.arrived]).toEqual([0, ["3", "close frame", "2"]]);
    expect(link.flows).toBe(false);
  });

  test("arrives all at once when it flows again", () => {
    const { link, seen, hold } = made();
    link.slow();
    hold(3);
    hold(2);
    link.flow();
    expect([link.bufferedAmount, seen.arrived]).toEqual([0, ["3", "2"]]);
  });
});

describe("a drain", () => {
  test("is told when the mark was reached and is undercut, once each time", () => {
    const { link, seen, hold } = made();
    link.slow();
    hold(9);
    link.drain(9);
    expect(seen.drains).toBe(0);
    hold(10);
    link.drain(0);
    expect(seen.drains).toBe(0);
    link.drain(1);
    expect(seen.drains).toBe(1);
    link.drain(1);
    expect(seen.drains).toBe(1);
    hold(2);
    hold(6);
    link.drain(7);
    expect(seen.drains).toBe(2);
  });

  test("is told after what it let arrive", () => {
    const arrived: string[] = [];
    const link = new Uplink(1, () => void arrived.push("drain"));
    link.slow();
    link.hold(1, () => void arrived.push("message"));
    link.drain(1);
    expect(arrived).toEqual(["message", "drain"]);
  });
});

describe("a flush", () => {
  test("resolves at once where nothing is buffered, else when nothing is any more", async () => {
    const { link, hold } = made();
    await link.flush();
    link.slow();
    hold(2);
    let flushed = 0;
    for (let i = 0; i < 2; i++) void link.flush().then(() => flushed++);
    link.drain(1);
    await settled();
    expect(flushed).toBe(0);
    link.drain(1);
    await settled();
    expect(flushed).toBe(2);
  });

  test("rejects when the socket ends first, then and later", async () => {
    const { link, hold } = made();
    link.slow();
    hold(2);
    const flush = link.flush();
    const error = new Error("ended");
    link.end(error);
    await expect(flush).rejects.toBe(error);
    await expect(link.flush()).rejects.toBe(error);
  });

  test("resolves after the end where all was sent", async () => {
    const { link } = made();
    link.end(new Error("ended"));
    await expect(link.flush()).resolves.toBeUndefined();
  });
});

describe("once it is cut", () => {
  test.each([
    ["stays in the buffer", true, 7],
    ["vanishes", false, 3],
  ] as const)("nothing arrives, and what follows %s", (_, buffers, expected) => {
    const { link, seen, hold } = made();
    link.slow();
    hold(3);
    link.cut(buffers);
    hold(4);
    link.drain(Infinity);
    link.flow();
    link.slow();
    hold(0);
    link.flow();
    expect(link.flows).toBe(false);
    expect([link.bufferedAmount, seen.arrived]).toEqual([expected, []]);
  });

  test("the mark is not undercut any more", () => {
    const { link, seen, hold } = made();
    link.cut(true);
    hold(12);
    link.drain(12);
    expect([link.bufferedAmount, seen.drains]).toEqual([12, 0]);
  });

  test("the socket's end counts as a cut that keeps the bytes", () => {
    const { link, seen, hold } = made();
    link.slow();
    hold(3);
    link.end(new Error("ended"));
    link.drain(3);
    expect([link.flows, link.bufferedAmount, seen.arrived]).toEqual([false, 3, []]);
  });
});
