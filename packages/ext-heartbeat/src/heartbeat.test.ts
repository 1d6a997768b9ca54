import { ConfigurationError, IdleTimeoutError, PluginError } from "@stream-tungstenite/core";
import { rig } from "rig";
import { expect, test } from "vitest";
import { heartbeat } from "./index.ts";

test("asks after 15 s of silence, and loses the connection 10 s later", async () => {
  const { clock, client, losses, connected } = rig([heartbeat()]);
  const peer = await connected();
  peer.halfOpen();
  await clock.advance(14_999);
  peer.answersPings = false;
  expect(client.isConnected).toBe(true);
  await clock.advance(10_000);
  expect(client.isConnected).toBe(true);
  await clock.advance(1);
  expect(losses).toHaveLength(1);
  expect(losses[0]!.cause).toBeInstanceOf(IdleTimeoutError);
  expect(losses[0]).toMatchObject({
    willRetry: true,
    uptime: 25_000,
    cause: {
      message: "Heartbeat 'heartbeat' got no sign of life within 10000 ms",
      close: { code: 1006, reason: "", wasClean: false },
      retryable: true,
    },
  });
  await client.close();
  expect(clock.pending).toBe(0);
});

test("pings a silent server once an interval, and is content with its pong", async () => {
  const { clock, client, connected } = rig([heartbeat({ interval: 8_000 })]);
  const peer = await connected();
  await clock.advance(7_999);
  expect(peer.pings).toHaveLength(0);
  await clock.advance(1);
  expect(peer.pings).toHaveLength(1);
  await clock.advance(7_999);
  expect(peer.pings).toHaveLength(1);
  await clock.advance(1 + 8_000 * 10);
  expect(peer.pings).toHaveLength(12);
  expect(client.isConnected).toBe(true);
});

test("costs an idle connection two timers and one ping an interval", async () => {
  const { clock, connected } = rig([heartbeat({ interval: 8_000, timeout: 6_000 })]);
  const schedule = clock.schedule.bind(clock);
  const delays: number[] = [];
  clock.schedule = (delay, task) => {
    delays.push(delay);
    return schedule(delay, task);
  };
  const peer = await connected();
  delays.length = 0;
  await clock.advance(80_000);
  expect(peer.pings).toHaveLength(10);
  // Always the same two delays: timers of one delay are cheap to keep in order.
  expect(delays).toEqual(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1_500 : 8_000)));
  expect(clock.pending).toBe(1);
});

/** A heartbeat of 4 seconds, a millisecond before it asks if the last message, at that time, is the last frame. */
async function lastMessageAt(time: number) {
  const { clock, connected } = rig([heartbeat({ interval: 4_000 })]);
  const peer = await connected();
  await clock.advance(time);
  peer.send("last");
  await clock.advance(3_999);
  return { clock, peer };
}

test("a frame on an idle connection counts from the time of its arrival", async () => {
  for (const heard of [1, 1_000, 2_500, 3_999]) {
    const { clock, peer } = await lastMessageAt(4_000 + heard);
    expect(peer.pings).toHaveLength(1);
    await clock.advance(1);
    expect(peer.pings).toHaveLength(2);
  }
});

test("reads no clock and sets no timer for the messages behind the first of an idle connection", async () => {
  const { clock, connected } = rig([heartbeat({ interval: 4_000 })]);
  const peer = await connected();
  await clock.advance(4_100);
  peer.send("first");
  let asked = 0;
  const now = clock.now.bind(clock);
  const schedule = clock.schedule.bind(clock);
  clock.now = () => (asked++, now());
  clock.schedule = (delay, task) => (asked++, schedule(delay, task));
  for (let i = 0; i < 1_000; i++) peer.send("more");
  expect(asked).toBe(0);
});

test("listens anew for each answer, not for each message", async () => {
  const { clock, connected } = rig([heartbeat({ interval: 4_000, timeout: 60_000 })]);
  const peer = await connected();
  const schedule = clock.schedule.bind(clock);
  let timers = 0;
  clock.schedule = (delay, task) => (timers++, schedule(delay, task));
  for (let i = 0; i < 4_000; i++) {
    peer.send("tick");
    await clock.advance(10);
  }
  // Four looks in each of ten intervals.
  expect(peer.pings).toHaveLength(0);
  expect(timers).toBeLessThanOrEqual(42);
});

test.each([
  ["messages", (peer: { send(text: string): boolean }) => peer.send("tick")],
  ["pings of the server", (peer: { ping(): void }) => peer.ping()],
  ["pongs that nobody asked for", (peer: { pong(): void }) => peer.pong()],
])("does not ask while there are %s", async (_, act) => {
  const { clock, connected } = rig([heartbeat({ interval: 1_000 })]);
  const peer = await connected();
  for (let i = 0; i < 50; i++) {
    await clock.advance(900);
    act(peer);
  }
  expect(peer.pings).toHaveLength(0);
});

test("asks at most a quarter of the interval later than the silence began an interval ago", async () => {
  for (let heard = 100; heard < 4_000; heard += 300) {
    const { clock, peer } = await lastMessageAt(heard);
    expect(peer.pings).toHaveLength(0);
    await clock.advance(1_001);
    expect(peer.pings).toHaveLength(1);
  }
});

test("a frame within a long timeout is noticed soon", async () => {
  const { clock, connected } = rig([heartbeat({ interval: 1_000, timeout: 60_000 })]);
  const peer = await connected();
  peer.answersPings = false;
  await clock.advance(1_100);
  peer.send("busy");
  await clock.advance(1_500);
  expect(peer.pings).toHaveLength(2);
});

test("takes any frame for an answer, and asks again after the next silence", async () => {
  const { clock, client, losses, connected } = rig([
    heartbeat({ interval: 4_000, timeout: 2_000 }),
  ]);
  const peer = await connected();
  peer.answersPings = false;
  await clock.advance(4_000);
  expect(peer.pings).toHaveLength(1);
  await clock.advance(1_900);
  peer.send("busy");
  await clock.advance(3_999);
  expect(client.isConnected).toBe(true);
  expect(peer.pings).toHaveLength(1);
  await clock.advance(1_001);
  expect(peer.pings).toHaveLength(2);
  await clock.advance(2_000);
  expect(losses).toHaveLength(1);
});

test("a frame from before the question is no answer to it", async () => {
  const { clock, losses, connected } = rig([heartbeat({ interval: 4_000, timeout: 2_000 })]);
  const peer = await connected();
  peer.answersPings = false;
  await clock.advance(3_900);
  peer.send("last");
  peer.halfOpen();
  await clock.advance(4_000 + 2_000);
  expect(losses).toMatchObject([{ uptime: 9_900 }]);
});

test("never has more than one question outstanding", async () => {
  const beat = heartbeat({ interval: 1_000, timeout: 5_000 });
  const { clock, client, connected } = rig([beat]);
  const peer = await connected();
  peer.answersPings = false;
  await clock.advance(1_000);
  beat.onProbe?.();
  await clock.advance(2_000);
  beat.onProbe?.();
  await clock.advance(2_999);
  expect(peer.pings).toHaveLength(1);
  expect(client.isConnected).toBe(true);
  await clock.advance(1);
  expect(client.isConnected).toBe(false);
});

test("a long timeout does not hold up the next question once the answer is here", async () => {
  const { clock, connected } = rig([heartbeat({ interval: 1_000, timeout: 60_000 })]);
  const peer = await connected();
  await clock.advance(5_000);
  expect(peer.pings).toHaveLength(5);
});

test("asks at once when somebody doubts the connection, and judges by the timeout", async () => {
  const doubter = {
    name: "doubter",
    setup: (context: { probe(): void }) => void (doubt = context),
  };
  let doubt: { probe(): void } | undefined;
  const { clock, client, connected } = rig([heartbeat({ timeout: 3_000 }), doubter]);
  const peer = await connected();
  await clock.advance(1_000);
  doubt?.probe();
  await clock.settle();
  expect(peer.pings).toHaveLength(1);
  await clock.advance(3_000);
  expect(client.isConnected).toBe(true);
  peer.halfOpen();
  doubt?.probe();
  await clock.advance(2_999);
  expect(client.isConnected).toBe(true);
  await clock.advance(1);
  expect(client.isConnected).toBe(false);
});

test("a doubt while not connected asks nobody and leaves no timer", async () => {
  const beat = heartbeat();
  const { clock, client, server, connected } = rig([beat]);
  beat.onProbe?.();
  expect(clock.pending).toBe(0);
  await connected();
  await client.disconnect();
  beat.onProbe?.();
  expect(clock.pending).toBe(0);
  await client.close();
  beat.onProbe?.();
  expect(clock.pending).toBe(0);
  expect(server.peer.pings).toHaveLength(0);
});

test("rests while a slow reader pauses receiving", async () => {
  const { clock, client, connected } = rig([heartbeat({ interval: 1_000, timeout: 1_000 })]);
  const peer = await connected();
  const reader = client.messages({ highWaterMark: 2 });
  const first = reader.next();
  for (let i = 0; i < 3; i++) peer.send(`${i}`);
  expect((await first).value).toBe("0");
  await clock.settle();
  expect(peer.paused).toBe(true);
  await clock.advance(60_000);
  expect(client.isConnected).toBe(true);
  for (let i = 0; i < 2; i++) await reader.next();
  expect(peer.paused).toBe(false);
  peer.halfOpen();
  await clock.advance(2_250);
  expect(client.isConnected).toBe(false);
});

test("the time paused does not count for a question under way", async () => {
  const beat = heartbeat({ interval: 60_000, timeout: 4_000 });
  const { clock, client, connected } = rig([beat]);
  const peer = await connected();
  const reader = client.messages({ highWaterMark: 2 });
  const first = reader.next();
  for (let i = 0; i < 3; i++) peer.send(`${i}`);
  await first;
  peer.answersPings = false;
  beat.onProbe?.();
  await clock.advance(30_000);
  expect(peer.pings).toHaveLength(1);
  expect(client.isConnected).toBe(true);
  peer.halfOpen();
  for (let i = 0; i < 2; i++) await reader.next();
  await clock.advance(3_999);
  expect(client.isConnected).toBe(true);
  await clock.advance(1);
  expect(client.isConnected).toBe(false);
});

test("the time paused does not count as silence, even when the answer began the pause", async () => {
  const { clock, client, connected } = rig([heartbeat({ interval: 4_000 })]);
  const peer = await connected();
  const reader = client.messages({ highWaterMark: 2 });
  const first = reader.next();
  for (const text of ["0", "1"]) peer.send(text);
  await first;
  peer.answersPings = false;
  await clock.advance(5_000);
  expect(peer.pings).toHaveLength(1);
  peer.send("2");
  expect(peer.paused).toBe(true);
  await clock.advance(7_900);
  for (let i = 0; i < 2; i++) await reader.next();
  expect(peer.paused).toBe(false);
  await clock.advance(3_000);
  expect(peer.pings).toHaveLength(1);
  await clock.advance(2_000);
  expect(peer.pings).toHaveLength(2);
});

test("a question whose deadline passed during a sleep is asked again before it is judged", async () => {
  const { clock, client, connected } = rig([heartbeat()]);
  const peer = await connected();
  peer.answersPings = false;
  await clock.advance(15_000);
  clock.jump(3_600_000);
  await clock.advance(0);
  expect(client.isConnected).toBe(true);
  expect(peer.pings).toHaveLength(2);
  await clock.advance(9_999);
  expect(client.isConnected).toBe(true);
  peer.pong(peer.pings[1]);
  await clock.advance(5_000);
  expect(client.isConnected).toBe(true);
  peer.answersPings = true;
  await clock.advance(60_000);
  expect(client.isConnected).toBe(true);
});

test("after a sleep a dead connection is found within the timeout", async () => {
  const { clock, client, connected } = rig([heartbeat()]);
  const peer = await connected();
  await clock.advance(20_000);
  peer.send("before the sleep");
  peer.halfOpen();
  clock.jump(3_600_000);
  await clock.advance(9_999);
  expect(client.isConnected).toBe(true);
  await clock.advance(1);
  expect(client.isConnected).toBe(false);
});

test("frames whose time nobody knows may be from before the sleep", async () => {
  const { clock, client, connected } = rig([heartbeat()]);
  const peer = await connected();
  await clock.advance(20_000);
  for (const text of ["first", "second"]) peer.send(text);
  peer.halfOpen();
  clock.jump(3_600_000);
  await clock.advance(9_999);
  expect(client.isConnected).toBe(true);
  await clock.advance(1);
  expect(client.isConnected).toBe(false);
});

test("finds a dead connection even where every timer is a minute late", async () => {
  const { clock, client, connected } = rig([heartbeat()]);
  const peer = await connected();
  peer.halfOpen();
  let minutes = 0;
  while (client.isConnected && minutes < 20) {
    clock.jump(60_000);
    await clock.advance(0);
    minutes++;
  }
  expect(minutes).toBe(5);
});

test("being late is forgiven anew after each sign of life", async () => {
  const { clock, client, connected } = rig([heartbeat()]);
  const peer = await connected();
  peer.answersPings = false;
  for (let round = 0; round < 6; round++) {
    await clock.advance(15_000);
    clock.jump(60_000);
    await clock.advance(0);
    expect(client.isConnected).toBe(true);
    peer.pong(peer.pings.at(-1));
    await clock.settle();
  }
});

test.each([
  [2_499, "is believed", false],
  [2_500, "is not", true],
])("a timer that is %i ms late of a timeout of 10 s %s", async (late, _, isConnected) => {
  const { clock, client, connected } = rig([heartbeat()]);
  const peer = await connected();
  peer.halfOpen();
  await clock.advance(24_999);
  clock.jump(late + 1);
  await clock.advance(0);
  expect(client.isConnected).toBe(isConnected);
});

test("a clock that is set back neither loses the connection nor holds up the heartbeat", async () => {
  const { clock, server, losses, connected } = rig([heartbeat()]);
  let skew = 0;
  const now = clock.now.bind(clock);
  clock.now = () => now() - skew;
  const peer = await connected();
  await clock.advance(5_000);
  skew = 86_400_000;
  await clock.advance(9_999);
  expect(peer.pings).toHaveLength(0);
  await clock.advance(1);
  expect(peer.pings).toHaveLength(1);
  peer.halfOpen();
  await clock.advance(19_000);
  skew *= 2;
  await clock.advance(5_999);
  expect(losses).toHaveLength(0);
  await clock.advance(1);
  expect(losses).toHaveLength(1);
  expect(server.peers).toHaveLength(1);
});

test("a fraction of a millisecond that the clock cannot show is not waited for for ever", async () => {
  const { clock, losses, connected } = rig([heartbeat({ interval: 10.2, timeout: 10.2 })]);
  const schedule = clock.schedule.bind(clock);
  let timers = 0;
  clock.schedule = (delay, task) => {
    if (++timers > 1_000) throw new Error("too many timers");
    return schedule(delay, task);
  };
  clock.jump(1.7e12);
  const peer = await connected();
  peer.halfOpen();
  await clock.advance(30);
  expect(losses).toHaveLength(1);
});

test("measures the round trip, smoothed as in RFC 6298", async () => {
  const beat = heartbeat({ interval: 1_000 });
  const { clock, connected } = rig([beat]);
  expect(beat.rtt).toBeNull();
  const peer = await connected();
  peer.answersPings = false;
  await clock.advance(1_000);
  expect([beat.rtt, beat.rttVariation]).toEqual([null, null]);
  await clock.advance(80);
  peer.pong(peer.pings[0]);
  await clock.settle();
  expect([beat.rtt, beat.rttVariation]).toEqual([80, 40]);
  await clock.advance(1_160);
  peer.pong(peer.pings[1]);
  await clock.settle();
  expect([beat.rtt, beat.rttVariation]).toEqual([90, 50]);
});

test("an answer that slept along is not measured", async () => {
  const beat = heartbeat({ interval: 1_000 });
  const { clock, connected } = rig([beat]);
  const peer = await connected();
  peer.answersPings = false;
  await clock.advance(1_000);
  clock.jump(3_600_000);
  peer.pong(peer.pings[0]);
  await clock.settle();
  expect(beat.rtt).toBeNull();
});

test("a pong that comes after other frames is measured as well", async () => {
  const beat = heartbeat({ interval: 4_000 });
  const { clock, connected } = rig([beat]);
  const peer = await connected();
  peer.answersPings = false;
  await clock.advance(4_000);
  peer.send("news");
  await clock.advance(3_000);
  peer.pong(peer.pings[0]);
  await clock.settle();
  expect(beat.rtt).toBe(3_000);
});

test("a question that was given up is not measured with the one after it", async () => {
  const beat = heartbeat({ interval: 1_000, timeout: 60_000 });
  const { clock, connected } = rig([beat]);
  const peer = await connected();
  peer.answersPings = false;
  await clock.advance(1_000);
  peer.send("busy");
  await clock.advance(1_000);
  expect(peer.pings).toHaveLength(2);
  await clock.advance(50);
  // A peer may answer only the latest ping.
  peer.pong(peer.pings[1]);
  await clock.settle();
  expect(beat.rtt).toBe(50);
});

test("an answer in the moment of the loss starts nothing", async () => {
  const beat = heartbeat({ interval: 1_000 });
  const { clock, client, connected } = rig([beat]);
  const peer = await connected();
  peer.answersPings = false;
  await clock.advance(1_000);
  peer.pong(peer.pings[0]);
  peer.drop();
  await clock.settle();
  await client.disconnect();
  expect(clock.pending).toBe(0);
});

test("an idle connection costs two timers an interval, and none is cancelled that has fired", async () => {
  const { clock, connected } = rig([heartbeat({ interval: 1_000 })]);
  const schedule = clock.schedule.bind(clock);
  const counts = { made: 0, fired: 0, cancelled: 0 };
  const peer = await connected();
  await clock.advance(2_500);
  clock.schedule = (delay, task) => {
    counts.made++;
    const cancel = schedule(delay, () => {
      counts.fired++;
      task();
    });
    return () => {
      counts.cancelled++;
      cancel();
    };
  };
  await clock.advance(10_000);
  expect(peer.pings).toHaveLength(12);
  // The timer of before was not counted.
  expect(counts).toEqual({ made: 20, fired: 9, cancelled: 10 });
});

test("carries nothing from one connection to the next", async () => {
  const beat = heartbeat({ interval: 1_000, timeout: 4_000 });
  const { clock, client, server, connected } = rig([beat]);
  const peer = await connected();
  await clock.advance(1_000);
  expect(beat.rtt).toBe(0);
  peer.answersPings = false;
  await clock.advance(1_000);
  peer.drop();
  await clock.settle();
  expect(beat.rtt).toBe(0);
  // The client's own retry timer.
  expect(clock.pending).toBe(1);
  await clock.advance(500);
  expect(client.isConnected).toBe(true);
  expect(server.peers).toHaveLength(2);
  expect([beat.rtt, beat.rttVariation]).toEqual([null, null]);
  server.peer.answersPings = false;
  await clock.advance(999);
  expect(server.peer.pings).toHaveLength(0);
  await clock.advance(1);
  expect(server.peer.pings).toHaveLength(1);
  await clock.advance(3_999);
  expect(client.isConnected).toBe(true);
  await clock.advance(1);
  expect(client.isConnected).toBe(false);
});

test("has no timer in any state but connected", async () => {
  const { clock, client, server, connected } = rig([heartbeat({ interval: 1_000 })]);
  const idle = rig([]);
  await connected();
  await idle.connected();
  expect(clock.pending).toBe(idle.clock.pending + 1);
  server.peer.answersClose = false;
  idle.server.peer.answersClose = false;
  void client.disconnect();
  void idle.client.disconnect();
  // What comes now is no news to it.
  server.peer.ping();
  idle.server.peer.ping();
  expect([client.state.status, clock.pending]).toEqual(["closing", idle.clock.pending]);
  await clock.advance(5_000);
  expect([client.state.status, clock.pending]).toEqual(["idle", 0]);
});

test("added later to a connected client it starts at once, and stops when it is taken away", async () => {
  const { clock, client, connected } = rig([]);
  const peer = await connected();
  const remove = client.use(heartbeat({ interval: 1_000 }));
  await clock.advance(1_000);
  expect(peer.pings).toHaveLength(1);
  remove();
  await clock.advance(60_000);
  expect(peer.pings).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

test("serves one client at a time, and another afterwards", async () => {
  const beat = heartbeat();
  const first = rig([beat]);
  expect(() => rig([beat])).toThrow(ConfigurationError);
  await first.connected();
  await first.client.close();
  const second = rig([beat]);
  const peer = await second.connected();
  await second.clock.advance(15_000);
  expect(peer.pings).toHaveLength(1);
});

test("goes by the name it is given", async () => {
  const { clock, losses, connected } = rig([heartbeat({ name: "pulse" })]);
  (await connected()).halfOpen();
  await clock.advance(25_000);
  expect(losses[0]?.cause?.message).toContain("'pulse'");
});

test("over a transport without pings and without a message it complains once and stays passive", async () => {
  const { clock, client, server, errors, connected } = rig([heartbeat()], {
    transport: { ping: false },
  });
  await connected();
  expect(errors).toHaveLength(1);
  expect(errors[0]).toBeInstanceOf(PluginError);
  expect(errors[0]).toMatchObject({ plugin: "heartbeat" });
  expect(errors[0]!.cause).toBeInstanceOf(ConfigurationError);
  expect(errors[0]!.message).toContain("message: the transport cannot send pings");
  server.drop();
  await clock.advance(5_000);
  expect(server.peers).toHaveLength(2);
  expect(errors).toHaveLength(1);
  await clock.advance(600_000);
  expect(client.isConnected).toBe(true);
  expect(clock.pending).toBe(0);
});

test("does not complain of a connection that is over when its news arrives", async () => {
  const hasty = { name: "hasty", onStateChange: () => void (leave && client.disconnect()) };
  let leave = false;
  const { client, errors, clock } = rig([hasty, heartbeat()], { transport: { ping: false } });
  client.on("state", ({ to }) => (leave = to.status === "connecting"));
  client.connect().catch(() => {});
  await clock.settle();
  expect(client.state.status).toBe("idle");
  expect(errors).toEqual([]);
});
