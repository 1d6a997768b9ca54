import { createClient } from "@stream-tungstenite/core";
import { manualClock, memoryServer, memoryTransport } from "@stream-tungstenite/core/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { EnvironmentEvent } from "./environment-options.ts";
import { environment } from "./environment.ts";
import { environmentRig, Page } from "./testing/environment-rig.ts";

afterEach(() => vi.unstubAllGlobals());

describe("without a network", () => {
  test("a connection is not dropped, but doubted at once", async () => {
    const { clock, client, page, world, probes, connected } = environmentRig();
    await connected();
    world.isOnline = false;
    page.tell("offline");
    expect([probes(), client.isConnected]).toEqual([1, true]);
    await clock.advance(9_999);
    expect([probes(), client.isConnected]).toEqual([1, true]);
  });

  test("the first dial is not held back, for the hint may be wrong", async () => {
    const { world, client, connected } = environmentRig();
    world.isOnline = false;
    await connected();
    expect(client.isConnected).toBe(true);
  });

  test.each([
    [0, 15_000],
    [0.5, 30_000],
    [0.999, 44_970],
  ])("retries wait, by chance %d, %i ms, but go on", async (chance, delay) => {
    const { clock, world, waits, server, outage } = environmentRig();
    world.isOnline = false;
    world.chance = chance;
    world.delay = 100;
    await outage();
    await clock.advance(delay * 10);
    expect(waits.map((wait) => wait.delay)).toEqual(Array.from({ length: 11 }, () => delay));
    expect(server.dials).toHaveLength(11);
  });

  test("the interval is an option", async () => {
    const { world, waits, outage } = environmentRig({ offlineInterval: 60_000 });
    world.isOnline = false;
    await outage();
    expect(waits[0]?.delay).toBe(60_000);
  });

  test("a strategy that waits longer is not hurried", async () => {
    const { world, waits, outage } = environmentRig();
    world.isOnline = false;
    world.delay = 90_000;
    await outage();
    expect(waits[0]?.delay).toBe(90_000);
  });

  test.each([true, null, undefined, 0])("%s means that there may be one", async (isOnline) => {
    const { world, waits, outage } = environmentRig();
    world.isOnline = isOnline;
    await outage();
    expect(waits[0]?.delay).toBe(20_000);
  });

  test("a delay that runs already is left as it is", async () => {
    const { clock, world, page, dialedAt, outage } = environmentRig();
    world.delay = 5_000;
    await outage();
    page.tell("offline");
    world.isOnline = false;
    await clock.advance(5_000);
    expect(dialedAt).toHaveLength(2);
  });
});

describe("when there is a network again", () => {
  test.each([
    [0, 0],
    [0.5, 500],
    [0.999, 999],
  ])("there is one attempt, by chance %d after %i ms", async (chance, wait) => {
    const { clock, world, page, dialedAt, client, outage } = environmentRig();
    world.isOnline = false;
    await outage();
    await clock.advance(10_000);
    world.isOnline = true;
    world.chance = chance;
    const at = clock.now();
    page.tell("online");
    // Not in the event itself: the browser's stack may not be ready, and the building is not alone.
    expect(client.state.status).toBe("waiting");
    await clock.advance(2_000);
    expect(dialedAt.slice(1)).toEqual([at + wait]);
  });

  test("the strategy begins anew if that attempt fails, for the failures before it were the network's", async () => {
    const { clock, world, page, waits, outage } = environmentRig();
    world.isOnline = false;
    await outage();
    await clock.advance(125_000);
    expect(waits.at(-1)?.attempt).toBe(5);
    world.isOnline = true;
    page.tell("online");
    await clock.advance(1_000);
    expect(waits.at(-1)).toMatchObject({ attempt: 1, delay: 20_000 });
  });

  test("an attempt that would come sooner is not put off, and is the only one", async () => {
    const { clock, world, page, dialedAt, outage } = environmentRig();
    world.delay = 2_000;
    await outage();
    const at = clock.now();
    await clock.advance(1_700);
    page.tell("online");
    await clock.advance(3_000);
    expect(dialedAt.slice(1)).toEqual([at + 2_000, at + 4_000]);
  });

  test("a connection is doubted, for its address may have changed", async () => {
    const { clock, client, page, probes, server, connected } = environmentRig();
    await connected();
    page.tell("online");
    expect(probes()).toBe(1);
    await clock.advance(5_000);
    expect(client.isConnected).toBe(true);
    expect(server.dials).toHaveLength(1);
  });

  test("a dial under way goes on", async () => {
    const { clock, client, page, server } = environmentRig();
    server.script(() => {});
    void client.connect();
    await clock.settle();
    page.tell("online");
    await clock.advance(2_000);
    expect([client.state.status, server.dials.length]).toEqual(["connecting", 1]);
  });

  test("however often it comes and goes, attempts are a second apart", async () => {
    const { clock, world, page, dialedAt, outage } = environmentRig();
    world.chance = 0;
    await outage();
    for (let i = 0; i < 500; i++) {
      page.tell("offline");
      page.tell("online");
      await clock.advance(10);
    }
    const gaps = dialedAt.slice(2).map((at, i) => at - dialedAt[i + 1]!);
    expect(dialedAt).toHaveLength(6);
    expect(Math.min(...gaps)).toBe(1_000);
  });

  test("many events make one attempt", async () => {
    const { clock, page, server, outage } = environmentRig();
    await outage();
    await clock.advance(5_000);
    for (let i = 0; i < 10; i++) page.tell("online");
    await clock.advance(3_000);
    expect(server.dials).toHaveLength(2);
  });

  test("the server's Retry-After is respected", async () => {
    const { clock, client, page, server, dialedAt, world } = environmentRig();
    world.delay = 60_000;
    server.script((dial) => dial.refuse(503, { retryAfter: 8_000 }));
    void client.connect();
    await clock.advance(2_000);
    page.tell("online");
    await clock.advance(6_499);
    expect(dialedAt).toHaveLength(1);
    await clock.advance(1);
    expect(dialedAt).toHaveLength(2);
  });

  test("an answer of shouldReconnect that is awaited is not anticipated", async () => {
    const { clock, client, page, server, connected } = environmentRig({
      shouldReconnect: () => new Promise(() => {}),
    });
    await connected();
    server.drop();
    await clock.settle();
    expect(client.state.status).toBe("waiting");
    for (const type of ["online", "visibilitychange", "resume"]) page.tell(type);
    clock.jump(3_600_000);
    await clock.advance(60_000);
    page.tell("online");
    await clock.advance(60_000);
    expect([client.state.status, server.dials.length]).toEqual(["waiting", 1]);
  });
});

describe("a page that is seen or resumed", () => {
  test.each(["visibilitychange", "resume"])("doubts its connection: %s", async (type) => {
    const { page, probes, client, connected } = environmentRig();
    await connected();
    page.tell(type);
    expect([probes(), client.isConnected]).toEqual([1, true]);
  });

  test("looks at whose visibility it is", async () => {
    const document = Object.assign(new Page(), { visibilityState: "hidden" });
    const { probes, connected } = environmentRig({ events: document });
    await connected();
    document.tell("visibilitychange");
    expect(probes()).toBe(0);
    document.tell("resume");
    expect(probes()).toBe(1);
    document.visibilityState = "visible";
    document.tell("visibilitychange");
    expect(probes()).toBe(2);
  });

  test.each(["visibilitychange", "resume"])(
    "makes at once the attempt that its throttled timers owe: %s",
    async (type) => {
      const { clock, page, client, server, outage } = environmentRig();
      await outage();
      clock.jump(19_999);
      page.tell(type);
      expect(client.state.status).toBe("waiting");
      clock.jump(1);
      page.tell(type);
      expect(client.state.status).toBe("connecting");
      await clock.settle();
      expect(server.dials).toHaveLength(2);
    },
  );

  test("makes that attempt once, though the timer fires as well", async () => {
    const { clock, page, server, outage } = environmentRig();
    await outage();
    clock.jump(25_000);
    page.tell("visibilitychange");
    page.tell("resume");
    await clock.advance(15_000);
    expect(server.dials).toHaveLength(2);
  });

  test("is left alone by events that are none of its business", async () => {
    const { clock, page, probes, server, outage, connected } = environmentRig();
    await connected();
    for (const type of ["freeze", "focus", "beforeunload", "close"]) page.tell(type);
    expect(probes()).toBe(0);
    await outage();
    clock.jump(25_000);
    page.tell("freeze");
    expect(server.dials).toHaveLength(1);
  });
});

describe("a page in the back/forward cache", () => {
  const kept = { persisted: true };

  test("closed cleanly on the way in, and dials at once on the way out", async () => {
    const { clock, client, page, server, errors, losses, waits, connected } = environmentRig();
    await connected();
    page.tell("pagehide", kept);
    await clock.settle();
    expect(server.peer.closeFrame).toEqual({ code: 1000, reason: "" });
    expect([client.state.status, server.live, clock.pending]).toEqual(["idle", 0, 0]);
    clock.jump(3_600_000);
    page.tell("pageshow", kept);
    expect(client.state).toEqual({ status: "connecting", attempt: 0 });
    await clock.settle();
    expect(client.isConnected).toBe(true);
    expect([errors, waits]).toEqual([[], []]);
    expect(losses).toEqual([{ willRetry: true, uptime: 0, bufferedAmount: 0 }]);
    expect(client.snapshot()).toMatchObject({ errorCount: 0, connectionCount: 2 });
  });

  test("does not wait for an answer to the close that it slept through", async () => {
    const { clock, client, page, server, connected } = environmentRig();
    (await connected()).answersClose = false;
    page.tell("pagehide", kept);
    await clock.settle();
    expect(client.state.status).toBe("closing");
    page.tell("pageshow", kept);
    await clock.settle();
    expect([client.state.status, server.maxLive]).toEqual(["connected", 1]);
  });

  test("keeps run(), ready() and the queue", async () => {
    const { clock, client, page, server } = environmentRig();
    let ended = false;
    void client.run().then(() => (ended = true));
    await clock.settle();
    page.tell("pagehide", kept);
    await clock.settle();
    const ready = client.ready();
    client.send("from before");
    page.tell("pageshow", kept);
    await clock.settle();
    await ready;
    expect(server.peer.received).toEqual(["from before"]);
    expect(ended).toBe(false);
    await client.close();
    await clock.settle();
    expect(ended).toBe(true);
  });

  test.each([
    ["connecting", (): void => {}],
    ["waiting", (dial: { fail(phase: "tcp"): void }): void => dial.fail("tcp")],
  ])("keeps a connect() that was %s", async (status, step) => {
    const { clock, client, page, server } = environmentRig();
    server.script(step);
    const connect = client.connect();
    await clock.settle();
    expect(client.state.status).toBe(status);
    page.tell("pagehide", kept);
    await clock.settle();
    expect([client.state.status, server.live, clock.pending]).toEqual(["idle", 0, 0]);
    page.tell("pageshow", kept);
    await clock.settle();
    await connect;
    expect(server.dials).toHaveLength(2);
  });

  test.each(["idle", "closed"])("leaves a client %s that was so", async (status) => {
    const { clock, client, page, server, connected } = environmentRig();
    await connected();
    await (status === "idle" ? client.disconnect() : client.close());
    page.tell("pagehide", kept);
    page.tell("pageshow", kept);
    page.tell("online");
    page.tell("resume");
    await clock.advance(60_000);
    expect([client.state.status, server.dials.length]).toEqual([status, 1]);
  });

  test("leaves a client alone that was disconnected meanwhile", async () => {
    const { clock, client, page, server, connected } = environmentRig();
    await connected();
    page.tell("pagehide", kept);
    await clock.settle();
    await client.disconnect();
    page.tell("pageshow", kept);
    await clock.settle();
    expect([client.state.status, server.dials.length]).toEqual(["idle", 1]);
  });

  test("dials without regard to what the network seems to be", async () => {
    const { clock, client, page, world, connected } = environmentRig();
    await connected();
    page.tell("pagehide", kept);
    await clock.settle();
    world.isOnline = false;
    page.tell("pageshow", kept);
    await clock.settle();
    expect(client.isConnected).toBe(true);
  });

  test("comes out once for each time it went in", async () => {
    const { clock, client, page, server, connected } = environmentRig();
    await connected();
    for (let trip = 2; trip < 6; trip++) {
      page.tell("pagehide", kept);
      await clock.settle();
      page.tell("pageshow", kept);
      page.tell("pageshow", kept);
      await clock.settle();
      expect([client.isConnected, server.dials.length, server.live]).toEqual([true, trip, 1]);
    }
  });

  test("a page that is not kept is left to the platform, which closes with 1001", async () => {
    const { clock, client, page, probes, connected } = environmentRig();
    await connected();
    page.tell("pagehide", { persisted: false });
    await clock.settle();
    expect([client.isConnected, probes()]).toEqual([true, 0]);
  });

  test("the pageshow of a page that was just loaded dials nothing", async () => {
    const { clock, client, page, server, connected } = environmentRig();
    await connected();
    page.tell("pagehide", kept);
    await clock.settle();
    page.tell("pageshow", { persisted: false });
    await clock.settle();
    expect([client.state.status, server.dials.length]).toEqual(["idle", 1]);
  });
});

describe("the clock", () => {
  test("a computer that slept doubts the connection, without any event", async () => {
    const { clock, client, probes, connected } = environmentRig();
    await connected();
    await clock.advance(25_000);
    clock.jump(3_600_000);
    await clock.advance(0);
    expect([probes(), client.isConnected]).toEqual([1, true]);
    await clock.advance(3_600_000);
    expect(probes()).toBe(1);
  });

  test.each([
    [9_999, 0],
    [10_000, 1],
  ])("a timer that is %i ms late is doubted %i times", async (late, times) => {
    const { clock, probes, connected } = environmentRig();
    await connected();
    clock.jump(10_000 + late);
    await clock.advance(0);
    expect(probes()).toBe(times);
  });

  test("an attempt whose timer slept along is made when the clock tells", async () => {
    const { clock, client, server, world, outage } = environmentRig();
    let slept = 0;
    const now = clock.now.bind(clock);
    clock.now = () => now() + slept;
    world.delay = 1_800_000;
    await outage();
    await clock.advance(60_000);
    // The timers stand still meanwhile: by theirs there would be half an hour to go.
    slept = 7_200_000;
    await clock.advance(9_999);
    expect([client.state.status, server.dials.length]).toEqual(["waiting", 1]);
    await clock.advance(1);
    expect(server.dials).toHaveLength(2);
  });

  test("a clock that is set back doubts nothing", async () => {
    const { clock, probes, connected } = environmentRig();
    let skew = 0;
    const now = clock.now.bind(clock);
    clock.now = () => now() - skew;
    await connected();
    skew = 3_600_000;
    await clock.advance(60_000);
    expect(probes()).toBe(0);
  });

  test("is watched by one timer, in no state that may last for ever without a connection", async () => {
    const plain = environmentRig({ instead: [] });
    const { clock, client, server, connected } = environmentRig();
    await plain.connected();
    const peer = await connected();
    expect(clock.pending - plain.clock.pending).toBe(1);
    await clock.advance(3_600_000);
    expect(clock.pending - plain.clock.pending).toBe(1);
    peer.answersClose = false;
    plain.server.peer.answersClose = false;
    void client.disconnect();
    void plain.client.disconnect();
    expect(clock.pending - plain.clock.pending).toBe(0);
    await clock.advance(10_000);
    expect([client.state.status, clock.pending, server.live]).toEqual(["idle", 0, 0]);
  });
});

describe("sources", () => {
  test("are the global object's unless given, and looked for at setup", async () => {
    const clock = manualClock();
    const server = memoryServer();
    let probes = 0;
    const plugins = [
      memoryTransport(server),
      { name: "doubts", onProbe: () => void probes++ },
      environment(),
    ];
    const client = createClient({ url: server.url, plugins, clock, random: () => 0.5 });
    const page = new Page();
    vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
    vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
    vi.stubGlobal("navigator", { onLine: false });
    await client.connect();
    page.tell("offline");
    expect(probes).toBe(1);
    server.drop();
    await clock.settle();
    expect(client.state).toMatchObject({ status: "waiting", delay: 30_000 });
    await client.close();
    expect(page.listeners).toBe(0);
  });

  test.each([
    ["there are no events", { addEventListener: undefined, removeEventListener: undefined }],
    ["there is no navigator", { navigator: undefined }],
    ["the navigator knows nothing of the network", { navigator: { product: "ReactNative" } }],
  ])("where %s, the client works as without", async (_, globals) => {
    for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
    const kit = environmentRig({ instead: [environment()] });
    await kit.outage();
    expect(kit.waits[0]?.delay).toBe(20_000);
    await kit.client.close();
    expect(kit.clock.pending).toBe(0);
  });

  test.each(["addEventListener", "removeEventListener"])(
    "the global object is none that has no %s",
    async (method) => {
      const page = new Page();
      vi.stubGlobal("addEventListener", page.addEventListener.bind(page));
      vi.stubGlobal("removeEventListener", page.removeEventListener.bind(page));
      vi.stubGlobal(method, undefined);
      const { connected } = environmentRig({ instead: [environment()] });
      await connected();
      expect(page.listeners).toBe(0);
    },
  );

  test("that fail while they are subscribed to are left as they were", async () => {
    const page = new Page();
    const listen = page.addEventListener.bind(page);
    const fault = new Error("no such event");
    const removed: string[] = [];
    const leave = page.removeEventListener.bind(page);
    page.addEventListener = (type, ...rest) => {
      if (type === "visibilitychange") throw fault;
      listen(type, ...rest);
    };
    page.removeEventListener = (type, ...rest) => {
      removed.push(type);
      leave(type, ...rest);
    };
    const { client, clock, probes } = environmentRig({ events: page });
    await expect(client.connect()).rejects.toMatchObject({ name: "PluginError", cause: fault });
    expect(removed).toEqual(["online", "offline"]);
    expect(page.listeners).toBe(0);
    expect(probes()).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test("that do not forget a listener of a subscription that failed tell it nothing", async () => {
    let heed: ((event: EnvironmentEvent) => void) | undefined;
    const { client } = environmentRig({
      events: {
        addEventListener(type, listener) {
          heed = listener;
          if (type === "resume") throw new Error("no such event");
        },
        removeEventListener() {},
      },
    });
    await expect(client.connect()).rejects.toThrow("no such event");
    expect(() => heed!({ type: "pagehide", persisted: true })).not.toThrow();
    expect(client.state.status).toBe("closed");
  });

  test("may refuse to capture, as workerd does", async () => {
    const page = new Page();
    const listen = page.addEventListener.bind(page);
    page.addEventListener = (type, listener, options) => {
      if (Object(options).capture) throw new TypeError("options.capture must be false");
      listen(type, listener, options);
    };
    const { probes, connected } = environmentRig({ events: page });
    await connected();
    page.tell("offline");
    expect(probes()).toBe(1);
  });

  test.each([true, false])("are captured where there is a document: %s", async (capture) => {
    if (capture) vi.stubGlobal("document", {});
    const { client, page, connected } = environmentRig();
    const captures: unknown[] = [];
    const listen = page.addEventListener.bind(page);
    page.addEventListener = (...args: Parameters<EventTarget["addEventListener"]>) => {
      captures.push(args[2]);
      listen(...args);
    };
    await connected();
    expect(captures).toEqual(Array.from({ length: 6 }, () => ({ capture })));
    await client.close();
    page.tell("pageshow", { persisted: true });
    expect(client.state.status).toBe("closed");
  });
});

test("a source may be any object that keeps listeners, such as one made of React Native's AppState", async () => {
  const listeners = new Set<(event: EnvironmentEvent) => void>();
  let isOnline: boolean | null = null;
  const { clock, client, server, connected, waits } = environmentRig({
    events: {
      addEventListener: (_, listener) => void listeners.add(listener),
      removeEventListener: (_, listener) => void listeners.delete(listener),
    },
    isOnline: () => isOnline,
  });
  const tell = (event: EnvironmentEvent): void => listeners.forEach((listener) => listener(event));
  await connected();
  tell({ type: "pagehide", persisted: true });
  await clock.settle();
  expect(client.state.status).toBe("idle");
  tell({ type: "pageshow", persisted: true });
  await clock.settle();
  expect(client.isConnected).toBe(true);
  isOnline = false;
  server.drop();
  await clock.settle();
  expect(waits.at(-1)?.delay).toBe(30_000);
  tell({ type: "online" });
  await clock.advance(1_500);
  expect(client.isConnected).toBe(true);
  await client.close();
  expect(listeners.size).toBe(0);
});

describe("at the end", () => {
  test.each([
    ["connected", async (): Promise<void> => {}],
    ["waiting", (kit: ReturnType<typeof environmentRig>) => kit.outage()],
    [
      "idle",
      async (kit: ReturnType<typeof environmentRig>) => {
        kit.page.tell("pagehide", { persisted: true });
        await kit.clock.settle();
      },
    ],
  ])("a client closed when %s leaves no listener and no timer", async (status, bring) => {
    const kit = environmentRig();
    await kit.connected();
    await bring(kit);
    if (status === "waiting") kit.page.tell("online");
    expect(kit.client.state.status).toBe(status);
    expect(kit.page.listeners).toBe(6);
    await kit.client.close();
    expect([kit.page.listeners, kit.clock.pending]).toEqual([0, 0]);
    for (const type of ["online", "offline", "resume"]) kit.page.tell(type);
    kit.page.tell("pageshow", { persisted: true });
    await kit.clock.advance(60_000);
    expect([kit.probes(), kit.client.state.status]).toEqual([0, "closed"]);
  });

  test("an event that is told to those who left because of it does nothing", async () => {
    const listeners: ((event: { readonly type: string; readonly persisted: true }) => void)[] = [];
    const { client, connected } = environmentRig({
      events: {
        addEventListener: (_, listener) => void listeners.push(listener),
        removeEventListener: () => {},
      },
    });
    await connected();
    await client.close();
    for (const listener of listeners) {
      for (const type of ["pagehide", "pageshow", "online"]) listener({ type, persisted: true });
    }
    expect(client.state.status).toBe("closed");
  });

  test("giving up leaves nothing either, and starting afresh listens again", async () => {
    const { clock, client, page, server } = environmentRig({ exitOnFirstFailure: true });
    server.script((dial) => dial.fail("tcp"));
    await expect(client.connect()).rejects.toThrow("failed");
    expect([client.state.status, page.listeners, clock.pending]).toEqual(["closed", 0, 0]);
    await client.connect();
    expect([client.isConnected, page.listeners]).toEqual([true, 6]);
  });

  test("taken away from a client in the cache, it lets the client go on", async () => {
    const page = new Page();
    const { clock, client, server, connected } = environmentRig({ instead: [] });
    await connected();
    const remove = client.use(environment({ events: page }));
    page.tell("pagehide", { persisted: true });
    await clock.settle();
    expect(client.state.status).toBe("idle");
    remove();
    await clock.settle();
    expect([client.isConnected, server.dials.length, page.listeners]).toEqual([true, 2, 0]);
  });

  test("added later to a connected client it works at once, and stops when it is taken away", async () => {
    const page = new Page();
    const { clock, client, probes, connected } = environmentRig({ instead: [] });
    await connected();
    const pending = clock.pending;
    const remove = client.use(environment({ events: page }));
    page.tell("offline");
    clock.jump(60_000);
    await clock.advance(0);
    expect(probes()).toBe(2);
    remove();
    await clock.advance(3_600_000);
    expect([clock.pending, page.listeners, probes()]).toEqual([pending, 0, 2]);
  });
});

test("two clients of one page heed it each for itself", async () => {
  const page = new Page();
  const kits = [environmentRig({ events: page }), environmentRig({ events: page })] as const;
  for (const { connected } of kits) await connected();
  page.tell("offline");
  await kits[0].client.close();
  page.tell("offline");
  expect(kits.map(({ probes }) => probes())).toEqual([1, 2]);
  expect(page.listeners).toBe(6);
});

test("goes by the name it is given", () => {
  expect([environment().name, environment({ name: "outside" }).name]).toEqual([
    "environment",
    "outside",
  ]);
});
