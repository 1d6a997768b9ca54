import type { Message, Transport } from "@stream-tungstenite/core";
import {
  memoryServer,
  memoryTransport,
  manualClock,
  type MemoryPeer,
} from "@stream-tungstenite/core/testing";
import { describe, expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import { runDemo, type DemoOptions } from "./demo.ts";
import type { Status, Summary, TimedEvent } from "./events.ts";
import type { PlannedFault } from "./faults/plan.ts";
import type { FaultyServer } from "./faults/server.ts";
import { orderNumber } from "./orders/trader.ts";
import { startFeed, type FeedSocket } from "./server/feed.ts";
import { startFeedServer } from "./server/feed-server.ts";
import { memoryJournal } from "./server/memory-journal.ts";
import { verdict } from "./verdict.ts";

/** A feed in memory: no network, no time. */
function memoryFeed(clock = manualClock({ now: 1_000_000 })) {
  const server = memoryServer({ url: "ws://feed.test/feed" });
  const journal = memoryJournal(clock.now());
  const open = () => startFeed({ clock, seed: 1, token: "demo", journal });
  let feed = open();
  let stopped = false;
  const silent = new Set<MemoryPeer>();
  const live = (): readonly MemoryPeer[] =>
    server.peers.filter((peer) => peer.isOpen && !silent.has(peer));

  server.onDial((dial) => {
    if (stopped) return dial.fail("tcp");
    const peer = dial.accept();
    const socket: FeedSocket = {
      get writable() {
        return peer.isOpen && !silent.has(peer);
      },
      bufferedAmount: 0,
      send: (text) => void (self.lose(text) || peer.send(text)),
      // In a turn of its own, as over a network: what was sent before is read first.
      close: (code, reason) => void clock.schedule(0, () => peer.close(code, reason)),
    };
    const joined = feed;
    const receive = joined.join(socket);
    peer.onMessage((message) => {
      // What a killed server had not read yet is lost with it.
      if (joined === feed && !stopped && !silent.has(peer)) receive(message);
    });
    void peer.ended.then(() => joined.leave(socket));
  });
  const faulty: FaultyServer = {
    url: server.url,
    pid: 1,
    close: (code, reason) => live().forEach((peer) => peer.close(code, reason)),
    refuse(count, retryAfter) {
      for (let i = 0; i < count; i++)
        server.script((dial) => dial.refuse(503, { retryAfter: retryAfter * 1_000 }));
    },
    fallSilent() {
      for (const peer of live()) {
        silent.add(peer);
        peer.halfOpen();
      }
    },
    async kill(downtime) {
      stopped = true;
      feed.stop();
      server.drop();
      await new Promise<void>((resolve) => {
        clock.schedule(downtime, resolve);
      });
      feed = open();
      stopped = false;
    },
    stop() {
      stopped = true;
      feed.stop();
      server.drop();
      return Promise.resolve();
    },
  };
  /** Whether a message of the server is lost on the way. */
  const self = { clock, server, faulty, lose: (_text: string): boolean => false };
  return self;
}
const closeAt = (at: number): PlannedFault => ({
  at,
  window: 0,
  fault: { kind: "close", code: 1011, reason: "" },
});

interface Run {
  readonly summary: Summary;
  readonly events: readonly TimedEvent[];
  readonly statuses: readonly Status[];
  readonly timersLeft: number;
}

async function inMemory(change: Partial<DemoOptions> = {}, feed = memoryFeed()): Promise<Run> {
  const events: TimedEvent[] = [];
  const statuses: Status[] = [];
  let summary: Summary | undefined;
  const running = runDemo({
    clock: feed.clock,
    view: {
      event: (event) => events.push(event),
      status: (status) => statuses.push(status),
      aside: (print) => print(),
      summary: () => {},
    },
    url: undefined,
    startServer: () => Promise.resolve(feed.faulty),
    seconds: 20,
    seed: 1,
    token: "demo",
    session: "test",
    signal: new AbortController().signal,
    transport: memoryTransport(feed.server),
    ...change,
  }).then((result) => (summary = result));
  let failure: unknown;
  running.catch((error: unknown) => (failure = error));
  for (let i = 0; i < 1_000 && summary === undefined && failure === undefined; i++) {
    await feed.clock.advance(100);
  }
  return { summary: await running, events, statuses, timersLeft: feed.clock.pending };
}
const ofType = <T extends TimedEvent["type"]>(events: readonly TimedEvent[], type: T) =>
  events.filter((event): event is Extract<TimedEvent, { readonly type: T }> => event.type === type);

describe("twenty seconds, in no time", () => {
  test.each([1, 2, 3, 4, 5])(
    "every fault is survived and every order accounted for (seed %i)",
    async (seed) => {
      const { summary, events, timersLeft } = await inMemory({ seed });
      expect(verdict(summary)).toBe("accounted");
      const faults = ofType(events, "fault").map(({ fault }) => fault.kind);
      expect(new Set(faults)).toEqual(new Set(["kill", "close", "refuse", "silence"]));
      expect(ofType(events, "faultSkipped")).toEqual([]);
      expect(summary.reconnects).toBe(faults.length);
      expect(summary.gapsWithinConnection).toBe(0);
      // The longest is that of the refused dial: at least what Retry-After asked for.
      const outages = ofType(events, "connected").map(({ outage }) => outage ?? 0);
      expect(summary.longestOutage).toBe(Math.max(...outages));
      expect(summary.longestOutage).toBeGreaterThanOrEqual(1_000);
      const { accepted, receipted, dropped, unknown } = summary.orders;
      expect(receipted + dropped + unknown).toBe(accepted);
      expect(timersLeft).toBe(0);
    },
  );

  test("the same seed gives the same run", async () => {
    const [one, other] = [await inMemory(), await inMemory()];
    expect(other).toEqual(one);
  });

  test("it takes the time it was given", async () => {
    const { summary } = await inMemory();
    expect(summary.duration).toBeGreaterThanOrEqual(20_000);
    expect(summary.duration).toBeLessThan(20_500);
  });

  test("a silent server is found by the heartbeat, within a second and a half", async () => {
    const { events } = await inMemory();
    const silence = events.findIndex(
      (event) => event.type === "fault" && event.fault.kind === "silence",
    );
    const loss = events.slice(silence).find((event) => event.type === "disconnected");
    const cause: unknown = expect.stringContaining("Heartbeat");
    expect(loss).toMatchObject({ code: "IDLE_TIMEOUT", cause });
    expect((loss as TimedEvent).at - (events[silence] as TimedEvent).at).toBeLessThan(1_550);
  });

  test("orders sent into the silence are of unknown fate, and said to be", async () => {
    const { summary, events } = await inMemory();
    expect(summary.orders.unknown).toBeGreaterThan(0);
    expect(ofType(events, "ordersUnknown").length).toBeGreaterThan(0);
  });

  test("orders that wait too long for the connection are reported dropped", async () => {
    const { summary, events } = await inMemory();
    expect(summary.orders.dropped).toBeGreaterThan(0);
    expect(ofType(events, "ordersDropped")[0]).toMatchObject({ reason: "expired" });
    // Told when the outage is over, not one by one.
    const told = events.findIndex(({ type }) => type === "ordersDropped");
    expect(events[told + 1]?.type).toBe("connected");
  });

  test("Retry-After is a floor under the next try", async () => {
    const { events } = await inMemory();
    const refused = events.findIndex(
      (event) => event.type === "error" && event.message.includes("503"),
    );
    const next = events.slice(refused).find((event) => event.type === "waiting");
    expect(next?.type === "waiting" && next.delay).toBeGreaterThanOrEqual(1_000);
  });

  test("the status tells of rate and round trip while connected, of the next try while waiting", async () => {
    const { statuses } = await inMemory();
    const connected = statuses.filter(({ state }) => state === "connected");
    expect(
      Math.max(...connected.map(({ messagesPerSecond }) => messagesPerSecond)),
    ).toBeGreaterThan(400);
    expect(connected.some(({ roundTrip }) => roundTrip !== null)).toBe(true);
    const waiting = statuses.filter(({ state }) => state === "waiting");
    expect(waiting.length).toBeGreaterThan(0);
    for (const { nextTry, attempt } of waiting)
      expect([nextTry !== null, attempt > 0]).toEqual([true, true]);
  });
});

test("the client's log names every step, and neither token nor message", async () => {
  const log: string[] = [];
  await inMemory({ seconds: 3, log: (line) => log.push(line) });
  const text = log.join("\n");
  for (const step of ["handshaking auth", "handshaking subscribe", "connected", "closed"])
    expect(text).toContain(step);
  expect(text).not.toMatch(/demo|sequence/);
});

test("an order whose receipt was lost is found in the server's books", async () => {
  const feed = memoryFeed();
  const receipts: string[] = [];
  feed.lose = (text) =>
    text.includes('"receipt"') && receipts.push(text) > 10 && receipts.length < 15;
  const { events } = await inMemory({ plan: [closeAt(2_000)] }, feed);
  expect(ofType(events, "ordersUnknown")[0]).toMatchObject({ orders: "11–14" });
  expect(ofType(events, "ordersFound")[0]).toMatchObject({ orders: "11–14" });
});

describe("the end", () => {
  test("an interrupted run closes in good order", async () => {
    const feed = memoryFeed();
    const controller = new AbortController();
    feed.clock.schedule(5_000, () => controller.abort("SIGINT"));
    const { summary, events, timersLeft } = await inMemory({ signal: controller.signal }, feed);
    expect(summary.duration).toBeLessThan(7_000);
    expect(verdict(summary)).toBe("accounted");
    expect(ofType(events, "interrupted")).toMatchObject([{ signal: "SIGINT" }]);
    expect(events.at(-1)?.type).toBe("closed");
    expect(timersLeft).toBe(0);
  });

  test("a run interrupted before it began ends at once", async () => {
    const { summary } = await inMemory({ signal: AbortSignal.abort("SIGINT") });
    expect(summary.duration).toBeLessThan(2_000);
  });

  test("against a server of somebody else no fault is injected", async () => {
    const feed = memoryFeed();
    const { summary, events } = await inMemory({ url: feed.server.url, seconds: 5 }, feed);
    expect(ofType(events, "fault")).toEqual([]);
    expect([summary.reconnects, verdict(summary)]).toEqual([0, "accounted"]);
    expect(summary.orders.receipted).toBe(summary.orders.accepted);
  });

  test("a refused token ends the run, and the server's reason is told", async () => {
    const { summary, events } = await inMemory({ token: "wrong" });
    expect(verdict(summary)).toBe("gave up");
    const message: unknown = expect.stringContaining("'auth' was refused: invalid token");
    expect(ofType(events, "fatal")).toMatchObject([{ code: "HANDSHAKE_REJECTED", message }]);
    expect(summary.duration).toBeLessThan(2_000);
  });

  test("without any server the run says so, after its time", async () => {
    const feed = memoryFeed();
    await feed.faulty.stop();
    const { summary } = await inMemory({ url: feed.server.url, seconds: 3 }, feed);
    expect([verdict(summary), summary.connections]).toEqual(["never connected", 0]);
  });

  test("a server that cannot be brought back ends the run with its reason", async () => {
    const feed = memoryFeed();
    const faulty = { ...feed.faulty, kill: () => Promise.reject(new Error("no port is left")) };
    await expect(inMemory({ startServer: () => Promise.resolve(faulty) }, feed)).rejects.toThrow(
      "no port is left",
    );
    expect(feed.clock.pending).toBe(0);
    expect(feed.clock.now() - 1_000_000).toBeLessThan(10_000);
  });
});

describe("what must not be is found", () => {
  /** What the client hands over passes `send`, which answers how often it goes on to the server. */
  const tampered = (
    feed: ReturnType<typeof memoryFeed>,
    copies: (order: number) => number,
  ): Transport => {
    const transport = memoryTransport(feed.server);
    return {
      ...transport,
      connect(request, listener) {
        const connection = transport.connect(request, listener);
        const send = connection.send.bind(connection);
        return Object.assign(connection, {
          send(message: Message) {
            for (let copy = copies(orderNumber(message) ?? 0); copy > 0; copy--) send(message);
          },
        });
      },
    };
  };

  test("an order that vanishes is missing, whatever happens to its connection later", async () => {
    const feed = memoryFeed();
    const transport = tampered(feed, (order) => (order === 7 || order === 250 ? 0 : 1));
    const { summary } = await inMemory({ transport }, feed);
    expect(summary.orders.missing).toEqual([7, 250]);
    expect(verdict(summary)).toBe("unaccounted");
  });

  test("the last order vanishes no less", async () => {
    const feed = memoryFeed();
    const transport = tampered(feed, (order) => (order > 10 ? 0 : 1));
    const { summary } = await inMemory({ transport, url: feed.server.url, seconds: 3 }, feed);
    expect(summary.orders.missing[0]).toBe(11);
  });

  test("an order that is sent twice is named", async () => {
    const feed = memoryFeed();
    const transport = tampered(feed, (order) => (order === 7 ? 2 : 1));
    const { summary } = await inMemory({ transport }, feed);
    expect(summary.orders.duplicated).toEqual([7]);
    expect(verdict(summary)).toBe("unaccounted");
  });
});

test("over a real network it survives a kill and a close", { timeout: 60_000 }, async () => {
  const clock = systemClock;
  const journal = memoryJournal(clock.now());
  const serve = (port: number) => startFeedServer({ clock, port, seed: 1, token: "demo", journal });
  let server = await serve(0);
  let noticed = (): void => {};
  const { port } = server;
  const faulty: FaultyServer = {
    url: `ws://127.0.0.1:${port}/feed`,
    pid: process.pid,
    close: (code, reason) => server.closeAll(code, reason),
    refuse: (count, retryAfter) => server.refuse(count, retryAfter),
    fallSilent: () => server.fallSilent(),
    async kill() {
      const loss = new Promise<void>((resolve) => (noticed = resolve));
      await server.stop();
      server = await serve(port);
      await loss;
    },
    stop: () => server.stop(),
  };
  const end = new AbortController();
  let connections = 0;
  let receipts = 0;
  const summary = await runDemo({
    clock,
    view: {
      event: ({ type }) => {
        if (type === "connected") connections++;
        if (type === "disconnected") noticed();
      },
      // Enough is a receipt on the third connection, however long that takes.
      status: ({ ordersReceipted }) => {
        if (connections < 3) receipts = ordersReceipted;
        else if (ordersReceipted > receipts) end.abort("enough");
      },
      aside: (print) => print(),
      summary: () => {},
    },
    url: undefined,
    startServer: () => Promise.resolve(faulty),
    seconds: 3_600,
    seed: 1,
    token: "demo",
    session: "test",
    signal: end.signal,
    plan: [
      { at: 0, window: 0, fault: { kind: "kill", downtime: 0 } },
      { at: 0, window: 0, fault: { kind: "close", code: 1001, reason: "going away" } },
    ],
  });
  expect(verdict(summary)).toBe("accounted");
  expect(summary.reconnects).toBeGreaterThanOrEqual(2);
});
