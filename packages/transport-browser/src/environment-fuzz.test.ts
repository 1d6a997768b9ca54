import { seededRandom } from "@stream-tungstenite/core/testing";
import { expect, test } from "vitest";
import { environmentRig } from "./testing/environment-rig.ts";

const seeds = Array.from({ length: 60 }, (_, seed) => seed);

test.each(seeds)("holds whatever happens in whatever order, seed %i", async (seed) => {
  const random = seededRandom(seed);
  const pick = <T>(...choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const kit = environmentRig({ stableAfter: pick(0, 5_000, 60_000) });
  const { clock, client, server, page, world, waits } = kit;
  /** Somebody asked for a dial at once: the application, or a page that comes out of the cache. */
  let isAsked = true;
  /** There was a network since the wait began. */
  let isHastened = false;
  let dialed = -Infinity;
  const faults: string[] = [];
  const ask = (act: () => unknown): void => {
    isAsked = true;
    act();
  };
  client.on("reconnectScheduled", () => (isHastened = false));
  client.on("connecting", ({ attempt }) => {
    const now = clock.now();
    if (!isAsked) {
      if (now - dialed < 1_000) faults.push(`${now - dialed} ms after the last dial`);
      const early = waits.at(-1)!.until - now;
      if (!isHastened && early > 0) faults.push(`${early} ms too early, as attempt ${attempt}`);
    }
    dialed = now;
    isAsked = false;
  });
  const wake = (type: string): void => page.tell(type, { persisted: pick(true, false) });
  const acts: readonly (() => unknown)[] = [
    () => clock.advance(pick(0, 1, 10, 500, 1_000, 5_000, 30_000)),
    () => clock.advance(pick(100, 2_000, 20_000)),
    () => clock.jump(pick(10, 5_000, 60_000, 3_600_000)),
    () => (world.isOnline = pick(true, true, false, null)),
    () => (world.chance = random()),
    () => (world.delay = pick(1_500, 20_000, 300_000)),
    () => page.tell("offline"),
    () => {
      isHastened = true;
      page.tell("online");
    },
    () => wake("visibilitychange"),
    () => wake("resume"),
    () => wake("freeze"),
    () => page.tell("pagehide", { persisted: true }),
    () => wake("pagehide"),
    () => ask(() => page.tell("pageshow", { persisted: true })),
    () => wake("focus"),
    () => server.drop(),
    () => server.onDial((dial) => dial.fail("tcp")),
    () => server.onDial((dial) => dial.accept()),
    () => server.onDial(() => {}),
    () => server.onDial((dial) => void (dial.accept().answersClose = false)),
    () => ask(() => client.connect()),
    () => ask(() => client.reconnect()),
    () => void client.disconnect(),
  ];
  void client.connect();
  await clock.settle();
  for (let step = 0; step < 150; step++) {
    await pick(...acts)();
    expect(faults).toEqual([]);
    expect(server.maxLive).toBe(1);
    expect(clock.pending).toBeLessThan(5);
    expect(page.listeners).toBe(6);
  }
  // Whatever state this left, it is not one in which events make anything of a client at rest.
  await Promise.all([client.disconnect(), clock.advance(5_000)]);
  expect([client.state.status, clock.pending, server.live]).toEqual(["idle", 0, 0]);
  const dials = server.dials.length;
  for (const type of ["online", "offline", "resume", "visibilitychange"]) page.tell(type);
  page.tell("pagehide", { persisted: true });
  page.tell("pageshow", { persisted: true });
  await clock.advance(3_600_000);
  expect([client.state.status, server.dials.length]).toEqual(["idle", dials]);
  await client.close();
  expect([page.listeners, clock.pending, server.live]).toEqual([0, 0, 0]);
});
