import { describe, expect, test } from "vitest";
import { ClientClosedError, NotConnectedError } from "./index.ts";
import { insider, rig, watch, type Rig, type RigOptions } from "./test-kit.ts";
import type { MemoryDial } from "./testing/index.ts";

const fails = (dial: MemoryDial): void => dial.fail("tcp");
const holds = (): void => {};

function inside(options: RigOptions = {}): Rig & { readonly suspend: () => () => void } {
  const plugin = insider();
  const kit = rig({ ...options, plugins: [plugin, options.plugins ?? []] });
  return { ...kit, suspend: () => plugin.context.suspend() };
}

describe("suspending a connected client", () => {
  test("closes with code 1000, rests in idle, and is no failure", async () => {
    const { clock, client, server, suspend, told, names, states, connected } = inside();
    await connected();
    suspend();
    expect(client.state).toEqual({ status: "closing", next: "idle" });
    await clock.settle();
    expect(server.peer.closeFrame).toEqual({ code: 1000, reason: "" });
    expect(states.at(-1)).toBe("idle");
    expect(told("disconnected")).toEqual([{ willRetry: true, uptime: 0, bufferedAmount: 0 }]);
    expect(names).toEqual(["connecting", "open", "connected", "disconnected"]);
    expect(client.snapshot().errorCount).toBe(0);
    await clock.advance(3_600_000);
    expect(server.dials).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  test("dials at once when it goes on, as for the first time", async () => {
    const { clock, server, suspend, told, connected } = inside();
    await connected();
    const resume = suspend();
    await clock.settle();
    resume();
    expect(server.dials).toHaveLength(2);
    await clock.settle();
    expect(told("connected")).toMatchObject([{}, { attempt: 0, reconnects: 1 }]);
    resume();
    await clock.settle();
    expect([server.dials.length, server.live]).toEqual([2, 1]);
  });

  test("keeps the queue, and run() running", async () => {
    const { clock, client, server, suspend } = inside();
    const run = watch(client.run());
    await clock.settle();
    const resume = suspend();
    await clock.settle();
    const ready = watch(client.ready());
    expect(client.send("later")).toBe("queued");
    resume();
    await clock.settle();
    expect(server.peer.received).toEqual(["later"]);
    expect([run.status, ready.status]).toEqual(["pending", "resolved"]);
    await client.close();
    await clock.settle();
    expect(run.status).toBe("resolved");
  });

  test("waits no longer for a peer's answer once it goes on", async () => {
    const { clock, client, server, suspend, connected } = inside();
    (await connected()).answersClose = false;
    const resume = suspend();
    await clock.advance(100);
    expect(client.state.status).toBe("closing");
    resume();
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect(server.maxLive).toBe(1);
  });

  test("waits for a peer's answer as long as close would", async () => {
    const { clock, client, suspend, connected } = inside({ closeTimeout: 700 });
    (await connected()).answersClose = false;
    suspend();
    await clock.advance(699);
    expect(client.state.status).toBe("closing");
    await clock.advance(1);
    expect(client.state.status).toBe("idle");
  });
});

describe("suspending an effort", () => {
  test("gives up the dial, and keeps connect() waiting", async () => {
    const { clock, client, server, suspend, names } = inside();
    server.script(holds);
    const connect = watch(client.connect());
    await clock.settle();
    const resume = suspend();
    expect(client.state.status).toBe("idle");
    await clock.settle();
    expect([server.live, connect.status]).toEqual([0, "pending"]);
    resume();
    await clock.settle();
    expect(connect.status).toBe("resolved");
    expect(names).toEqual(["connecting", "connecting", "open", "connected"]);
  });

  test("gives up a handshake", async () => {
    const stuck = { name: "stuck", handshake: () => new Promise<void>(() => {}) };
    const { clock, client, server, suspend, told } = inside({ plugins: [stuck] });
    const connect = watch(client.connect());
    await clock.settle();
    expect(client.state.status).toBe("handshaking");
    suspend();
    await clock.settle();
    expect([client.state.status, server.live, connect.status]).toEqual(["idle", 0, "pending"]);
    expect(told("error")).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test("gives up a wait, and forgets the outage", async () => {
    const { clock, client, server, suspend, told } = inside();
    server.script(fails, fails);
    const connect = watch(client.connect());
    await clock.settle();
    expect(client.state.status).toBe("waiting");
    const resume = suspend();
    await clock.advance(3_600_000);
    expect([client.state.status, server.dials.length]).toEqual(["idle", 1]);
    resume();
    await clock.settle();
    expect(told("reconnectScheduled").map(({ attempt }) => attempt)).toEqual([1, 1]);
    await clock.advance(1_000);
    expect(connect.status).toBe("resolved");
  });

  test("gives up a reconnect() under way", async () => {
    const { clock, client, server, suspend, connected } = inside();
    (await connected()).answersClose = false;
    client.reconnect();
    const resume = suspend();
    server.peer.answerClose();
    await clock.settle();
    expect([client.state.status, server.dials.length]).toEqual(["idle", 1]);
    resume();
    expect(server.dials).toHaveLength(2);
  });

  test("does not make the dial after it the first", async () => {
    const { clock, client, server, suspend, connected } = inside({ exitOnFirstFailure: true });
    await connected();
    server.script(fails);
    const resume = suspend();
    await clock.settle();
    resume();
    await clock.advance(1_000);
    expect(client.isConnected).toBe(true);
  });
});

test("the first dial stays the first, until one succeeds", async () => {
  const { clock, client, server, suspend } = inside({ exitOnFirstFailure: true });
  server.script(holds, fails);
  watch(client.connect());
  await clock.settle();
  suspend()();
  await clock.settle();
  expect([client.state.status, server.dials.length]).toEqual(["closed", 2]);
});

test("what went on once does not go on again after the client gave up", async () => {
  const { clock, client, server, suspend, connected } = inside({ shouldReconnect: () => false });
  await connected();
  const resume = suspend();
  await clock.settle();
  resume();
  await clock.settle();
  client.on("fatal", resume);
  server.drop();
  await clock.settle();
  resume();
  expect([client.state.status, server.dials.length]).toEqual(["closed", 2]);
});

describe("meanwhile", () => {
  test("the application's connect() dials, and going on changes nothing", async () => {
    const { clock, client, server, suspend, connected } = inside();
    await connected();
    const resume = suspend();
    await clock.settle();
    await client.connect();
    resume();
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect([server.dials.length, server.live]).toEqual([2, 1]);
  });

  test.each(["closing", "idle"])("disconnect() in %s is for good", async (status) => {
    const { clock, client, server, suspend, connected } = inside();
    (await connected()).answersClose = status === "idle";
    const resume = suspend();
    await clock.settle();
    expect(client.state.status).toBe(status);
    const connect = watch(client.connect());
    const disconnected = watch(client.disconnect());
    for (const peer of server.peers) peer.answerClose();
    resume();
    await clock.settle();
    expect(client.state.status).toBe("idle");
    expect(disconnected.status).toBe("resolved");
    expect(connect.error).toBeInstanceOf(NotConnectedError);
    expect(server.live).toBe(0);
  });

  test("the last connect() that is taken back takes the effort back", async () => {
    const { clock, client, server, suspend } = inside();
    server.script(holds);
    const taken = new AbortController();
    const connect = watch(client.connect({ signal: taken.signal }));
    await clock.settle();
    const resume = suspend();
    taken.abort("enough");
    resume();
    await clock.settle();
    expect(connect.error).toBe("enough");
    expect([client.state.status, server.dials.length]).toEqual(["idle", 1]);
  });

  test.each(["closing", "idle"])("close() in %s ends it", async (status) => {
    const { clock, client, server, suspend, connected } = inside();
    (await connected()).answersClose = status === "idle";
    const resume = suspend();
    await clock.settle();
    const closed = client.close();
    const state = client.state.status;
    resume();
    // A closing handshake under way is not cut short.
    expect(client.state.status).toBe(state);
    server.peer.answerClose();
    await clock.settle();
    expect(await closed).toEqual({ wasClean: true, undelivered: 0 });
    expect([client.state.status, server.dials.length]).toEqual(["closed", 1]);
  });

  test("close() rejects the connect() that waits", async () => {
    const { clock, client, server, suspend } = inside();
    server.script(holds);
    const connect = watch(client.connect());
    await clock.settle();
    suspend();
    await client.close();
    expect(connect.error).toBeInstanceOf(ClientClosedError);
  });

  test("suspending again is the same suspension", async () => {
    const { clock, client, server, suspend, connected } = inside();
    await connected();
    suspend();
    await clock.settle();
    suspend()();
    expect(client.state.status).toBe("connecting");
    expect(server.dials).toHaveLength(2);
  });
});

describe("a client that is at rest stays so", () => {
  test("idle", async () => {
    const { clock, client, server, suspend, connected } = inside();
    await connected();
    await client.disconnect();
    suspend()();
    await clock.settle();
    expect([client.state.status, server.dials.length]).toEqual(["idle", 1]);
  });

  test("closing", async () => {
    const { clock, client, server, suspend, connected } = inside();
    (await connected()).answersClose = false;
    const disconnected = watch(client.disconnect());
    suspend()();
    expect(client.state.status).toBe("closing");
    server.peer.answerClose();
    await clock.settle();
    expect([client.state.status, server.dials.length]).toEqual(["idle", 1]);
    expect(disconnected.status).toBe("resolved");
  });

  test("closed, and starting afresh as soon as that is told", async () => {
    const { clock, client, server, suspend } = inside({ exitOnFirstFailure: true });
    server.script(fails);
    client.on("fatal", () => {
      watch(client.connect());
      suspend();
    });
    watch(client.connect());
    await clock.settle();
    expect([client.state.status, server.dials.length]).toEqual(["connected", 2]);
  });
});

test("closing the client ends the plugin's say in it", async () => {
  const { client, suspend, connected } = inside();
  await connected();
  await client.close();
  expect(suspend).toThrow(ClientClosedError);
});

test("a plugin that was removed suspends nothing", async () => {
  const plugin = insider();
  const { client, connected } = rig();
  await connected();
  const remove = client.use(plugin);
  remove();
  expect(() => plugin.context.suspend()).toThrow(ClientClosedError);
  expect(client.isConnected).toBe(true);
});
