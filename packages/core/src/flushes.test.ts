import { describe, expect, test } from "vitest";
import { ConnectionLostError } from "./errors.ts";
import { Flushes } from "./flushes.ts";
import { noTotals } from "./snapshot.ts";
import type { Link } from "./link.ts";
import { rig, watch } from "./test-kit.ts";
import { manualClock } from "./testing/index.ts";
import type { CloseInfo, Connection } from "./transport.ts";

const close: CloseInfo = { code: 1006, reason: "", wasClean: false };

/** A link of which only what a flush needs is there. */
function linkWith(connection: Partial<Connection>): Link {
  return { bufferedAmount: connection.bufferedAmount ?? 0, connection } as Link;
}

describe("A flush", () => {
  test("is over when the messages it covers have left the queue and nothing is connected", async () => {
    const clock = manualClock();
    const flushes = new Flushes({ clock, totals: noTotals() });
    const first = watch(flushes.add(1, undefined));
    const second = watch(flushes.add(2, undefined));
    flushes.passed(2, null);
    await clock.settle();
    expect([first.status, second.status]).toEqual(["resolved", "pending"]);
    flushes.passed(3, null);
    await clock.settle();
    expect(second.status).toBe("resolved");
  });

  test("asks the transport once, and resolves when that has an answer", async () => {
    const clock = manualClock();
    const flushes = new Flushes({ clock, totals: noTotals() });
    const answers: (() => void)[] = [];
    const link = linkWith({
      flush: () => new Promise((resolve) => answers.push(resolve)),
    });
    const flushed = watch(flushes.add(1, undefined));
    flushes.passed(2, link);
    flushes.passed(3, link);
    await clock.settle();
    expect(answers).toHaveLength(1);
    expect(flushed.status).toBe("pending");
    answers[0]!();
    await clock.settle();
    expect(flushed.status).toBe("resolved");
  });

  test("leaves it to the end of the connection to say why the transport could not", async () => {
    const clock = manualClock();
    const flushes = new Flushes({ clock, totals: noTotals() });
    const flushed = watch(flushes.add(1, undefined));
    flushes.passed(2, linkWith({ flush: () => Promise.reject(new Error("gone")) }));
    await clock.settle();
    expect(flushed.status).toBe("pending");
    flushes.lose(close, 3);
    await clock.settle();
    expect(flushed.error).toEqual(new ConnectionLostError(close));
  });

  test("resolves when the connection ends with nothing buffered, if it was asked", async () => {
    const clock = manualClock();
    const flushes = new Flushes({ clock, totals: noTotals() });
    const asked = watch(flushes.add(1, undefined));
    const queued = watch(flushes.add(2, undefined));
    flushes.passed(2, linkWith({ flush: () => new Promise(() => {}) }));
    flushes.lose(close, 0);
    await clock.settle();
    expect([asked.status, queued.status]).toEqual(["resolved", "pending"]);
  });

  test("that was abandoned asks the transport nothing", async () => {
    const clock = manualClock();
    const flushes = new Flushes({ clock, totals: noTotals() });
    const flushed = watch(flushes.add(1, { timeout: 10 }));
    await clock.advance(10);
    expect(flushed.status).toBe("rejected");
    flushes.passed(2, linkWith({ flush: () => expect.unreachable() }));
  });

  test("rejects with what ends the client", async () => {
    const clock = manualClock();
    const flushes = new Flushes({ clock, totals: noTotals() });
    const flushed = watch(flushes.add(1, undefined));
    flushes.reject(new Error("closed"));
    await clock.settle();
    expect(flushed.error).toEqual(new Error("closed"));
  });
});

describe("Over a transport that cannot tell when it has flushed, a flush", () => {
  test("looks from time to time", async () => {
    const { client, clock, connected } = rig({ transport: { flush: false } });
    const peer = await connected();
    peer.slow();
    client.send("a");
    const flushed = watch(client.flush());
    await clock.advance(100);
    expect(flushed.status).toBe("pending");
    peer.flow();
    await clock.advance(20);
    expect(flushed.status).toBe("resolved");
  });

  test("looks no more once it has timed out, or the connection is gone", async () => {
    const { client, clock, connected } = rig({ transport: { flush: false }, stableAfter: 0 });
    const peer = await connected();
    peer.slow();
    client.send("a");
    const idle = clock.pending;
    const late = watch(client.flush({ timeout: 50 }));
    await clock.advance(50);
    expect(late.status).toBe("rejected");
    expect(clock.pending).toBe(idle);
    const flushes = [watch(client.flush()), watch(client.flush())];
    const closing = client.close({ timeout: 30 });
    await clock.advance(30);
    await closing;
    expect(flushes.map((one) => one.error)).toEqual([
      expect.any(ConnectionLostError),
      expect.any(ConnectionLostError),
    ]);
    expect(clock.pending).toBe(0);
  });
});
