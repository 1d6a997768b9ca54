import { describe, expect, test } from "vitest";
import { eventStream } from "./event-stream.ts";
import type { ClientEvent } from "./index.ts";
import { Notifier } from "./notifier.ts";
import { noRetry, rig, watch } from "./test-kit.ts";

async function rest(stream: AsyncIterableIterator<ClientEvent>): Promise<ClientEvent[]> {
  const events: ClientEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}
const types = (events: readonly ClientEvent[]): string[] => events.map(({ type }) => type);

describe("events()", () => {
  test("tells everything but messages, in order, and ends after `closed`", async () => {
    const { client, clock, connected } = rig();
    const stream = client.events();
    const peer = await connected();
    peer.send("a message");
    void client.close();
    await clock.settle();
    expect(types(await rest(stream))).toEqual([
      "state",
      "connecting",
      "open",
      "state",
      "connected",
      "shutdown",
      "state",
      "state",
      "disconnected",
      "closed",
    ]);
  });

  test("carries what listeners are given", async () => {
    const { client, connected } = rig();
    const stream = client.events();
    void connected();
    expect(await stream.next()).toEqual({
      done: false,
      value: { type: "state", from: { status: "idle" }, to: { status: "connecting", attempt: 0 } },
    });
    expect(await stream.next()).toEqual({ done: false, value: { type: "connecting", attempt: 0 } });
  });

  test("delivers `fatal` and `closed` after giving up, then ends", async () => {
    const { client, clock, server } = rig({ plugins: [noRetry] });
    server.script((dial) => dial.fail("tcp"));
    const all = rest(client.events());
    void client.connect();
    await clock.settle();
    expect(types(await all).slice(-2)).toEqual(["fatal", "closed"]);
  });

  test("keeps the last 1,024 for a slow reader, the end among them", async () => {
    const { client, clock, told } = rig({ sendQueue: { capacity: 1, overflow: "drop-oldest" } });
    const stream = client.events();
    for (let n = 0; n < 2000; n++) client.send(`${n}`);
    void client.close();
    await clock.settle();
    const events = await rest(stream);
    expect(events).toHaveLength(1024);
    expect(types(events).slice(-3)).toEqual(["state", "dropped", "closed"]);
    expect(told("lagged")).toEqual([]);
  });

  test("wakes who waits", async () => {
    const { client, clock } = rig();
    const stream = client.events();
    const waiting = [watch(stream.next()), watch(stream.next())];
    await clock.settle();
    expect(waiting.map(({ status }) => status)).toEqual(["pending", "pending"]);
    void client.connect();
    await clock.settle();
    expect(waiting.map(({ value }) => value?.value?.type)).toEqual(["state", "connecting"]);
  });

  test("is over for a closed client", async () => {
    const { client } = rig();
    await client.close();
    expect(await client.events().next()).toEqual({ done: true, value: undefined });
  });

  test("ends with its signal, even one that was aborted before, and when it is left", async () => {
    const { client } = rig();
    const controller = new AbortController();
    const stream = client.events({ signal: controller.signal });
    const next = stream.next();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    const aborted = client.events({ signal: AbortSignal.abort() });
    const left = client.events();
    void client.connect();
    await left.return!();
    expect(await aborted.next()).toEqual({ done: true, value: undefined });
    expect(await left.next()).toEqual({ done: true, value: undefined });
  });

  test("costs nothing any more once it was left, aborted or is over", async () => {
    const notifier = new Notifier(undefined as never);
    const taps = new Set<unknown>();
    notifier.tap = (tap) => {
      taps.add(tap);
      return () => void taps.delete(tap);
    };
    const controller = new AbortController();
    const left = eventStream(notifier, false, undefined);
    const aborted = eventStream(notifier, false, controller.signal);
    expect(taps.size).toBe(2);
    await left.return!();
    expect(taps.size).toBe(1);
    controller.abort();
    await aborted.next();
    expect(taps.size).toBe(0);
    eventStream(notifier, true, undefined);
    eventStream(notifier, false, AbortSignal.abort());
    expect(taps.size).toBe(0);
  });

  test("can be opened anew when a client that gave up starts afresh", async () => {
    const { client, clock, server } = rig({ plugins: [noRetry] });
    server.script((dial) => dial.fail("tcp"));
    void client.connect();
    await clock.settle();
    void client.connect();
    const stream = client.events();
    await clock.settle();
    expect((await stream.next()).value?.type).toBe("open");
  });
});
