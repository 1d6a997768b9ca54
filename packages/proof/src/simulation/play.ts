import type { Happening, Schedule, Step } from "./schedule.ts";
import { isFree } from "./sending.ts";
import { turns } from "./turns.ts";
import { World } from "./world.ts";

/** What running a schedule has shown. */
export interface Outcome {
  /** Rules that were broken; none is what everybody hopes for. */
  readonly broken: readonly string[];
  /** Every state of interest that it reached. */
  readonly reached: ReadonlySet<string>;
  /** What happened, line by line, if asked for. */
  readonly trace: readonly string[];
}

/** Promise turns after which nothing moves any more. */
const allTurns = 120;
/** Milliseconds within which a good server is found again. */
const patience = 2_000;

/** Runs a schedule from a new client to a closed one. */
export async function play(schedule: Schedule, traces = false): Promise<Outcome> {
  const surfaced: unknown[] = [];
  const { queueMicrotask } = globalThis;
  // An error of a listener surfaces in a microtask of its own; here it is counted instead.
  globalThis.queueMicrotask = (task) =>
    queueMicrotask(() => {
      try {
        task();
      } catch (error) {
        surfaced.push(error);
      }
    });
  const world = new World(schedule.settings, traces);
  const { journal } = world;
  try {
    journal.trace?.push(`settings ${JSON.stringify(schedule.settings)}`);
    let number = 0;
    for (const step of schedule.steps) {
      journal.trace?.push(`${++number}. ${JSON.stringify(step)}`);
      await take(world, step);
      if (journal.broken.length > 0) break;
    }
    if (journal.broken.length === 0) await finish(world);
    if (surfaced.length !== world.thrown) {
      const texts = surfaced.map((error) => (error instanceof Error ? error.stack : String(error)));
      journal.breaks(
        `${surfaced.length} errors surfaced, not ${world.thrown}: ${texts.join("; ")}`,
      );
    }
  } finally {
    globalThis.queueMicrotask = queueMicrotask;
  }
  return { broken: journal.broken, reached: journal.reached, trace: journal.trace ?? [] };
}

async function take(world: World, { what, turns: count }: Step): Promise<void> {
  await happen(world, what);
  await turns(count ?? allTurns);
  if (count === null) check(world);
}

/** Nothing moves: the books have to agree. */
function check(world: World): void {
  const { client, clock, ledger, arrivals, lifecycle, wire, settings, stalled, journal } = world;
  const { promises, calls } = world;
  const snapshot = client.snapshot();
  const { current } = wire;
  const isConnected = client.state.status === "connected";
  if (snapshot.messagesSent !== ledger.taken)
    journal.breaks(`messagesSent: ${snapshot.messagesSent}, not ${ledger.taken}`);
  if (snapshot.bytesSent !== ledger.bytesTaken) journal.breaks(`bytesSent: ${snapshot.bytesSent}`);
  if (snapshot.messagesReceived !== arrivals.received) {
    journal.breaks(`messagesReceived: ${snapshot.messagesReceived}, not ${arrivals.received}`);
  }
  if (snapshot.connectionCount !== lifecycle.connections)
    journal.breaks("connectionCount is wrong");
  // A connection that has ended may still have hooks to wait for.
  const buffered = snapshot.bufferedAmount - snapshot.queuedBytes;
  const isRight = current
    ? buffered === current.bufferedAmount
    : buffered === 0 || buffered === wire.last?.bufferedAmount;
  if (!isRight) journal.breaks(`bufferedAmount: ${buffered} bytes of the transport's`);
  const isStalled = stalled.onMessage.some((hook) => hook.connectionId === current?.connectionId);
  if (!isStalled) arrivals.check(current, isConnected);
  const isOver = lifecycle.isClosing && client.state.status === "closed";
  if (isOver && clock.pending > 0) journal.breaks(`${clock.pending} timers outlive the client`);
  const isOverdue = clock.next !== null && clock.next <= clock.now();
  if (isOverdue) return;
  lifecycle.check(client.state);
  promises.check(client.state.status);
  wire.check();
  calls.check();
  ledger.check(snapshot.queued, snapshot.queuedBytes, isConnected && isFree(world));
  if (isConnected && current && settings.receiveTimeout > 0) checkSilence(world);
}

/** A connection on which nothing arrives is not kept. */
function checkSilence({ lifecycle, wire, settings, clock, journal, lastJump }: World): void {
  const { current } = wire;
  if (journal.reached.has("paused")) return;
  const since = Math.max(current!.lastFrameAt, lifecycle.up?.at ?? 0, lastJump);
  const silence = clock.now() - since;
  if (silence > 1.25 * settings.receiveTimeout + 1)
    journal.breaks(`silent for ${silence} ms, and not lost`);
}

async function happen(world: World, what: Happening): Promise<void> {
  const { wire, clock, modes, calls, arrivals, promises } = world;
  const socket = wire.current;
  switch (what.do) {
    case "call":
      return calls.make(what.call);
    case "react":
      return world.plan(what.at, what.call);
    case "greet":
      wire.greeting = what.next;
      return;
    case "answer":
      wire.answerUrls();
      return wire.last && !wire.last.isOpened ? wire.answer(wire.last, what.greeting) : undefined;
    case "replies":
      wire.replies = what.on;
      return;
    case "reply":
      return socket?.receive();
    case "talk":
      modes.talk = what.as;
      return;
    case "hook":
      modes[what.hook] = what.mode;
      return;
    case "release":
      return world.release();
    case "messages":
      for (let i = 0; i < what.count; i++) wire.current?.receive(what.onTheirWay);
      return;
    case "end":
      return socket?.end({ code: what.code, reason: "", wasClean: what.code !== 1006 }, what.late);
    case "half-open":
      if (socket?.isOpened) socket.halfOpen ??= what.buffers ? "buffers" : "void";
      return;
    case "slow":
      return socket?.slow();
    case "drain":
      return socket?.drain(what.bytes, what.late);
    case "flow":
      return socket?.flow();
    case "closing":
      wire.answersClose = what.answers;
      return;
    case "pong": {
      const payload = what.which === "first" ? socket?.pings[0] : socket?.pings.at(-1);
      return socket?.pong(what.which === "unknown" || !payload ? Uint8Array.of(9) : payload);
    }
    case "stray":
      return stray(world, what);
    case "refuse-message":
      wire.refusesNext = true;
      return;
    case "advance":
      return clock.advance(what.ms);
    case "next-timer":
      return clock.advance(Math.max(0, (clock.next ?? clock.now()) - clock.now()));
    case "jump":
      clock.jump(what.ms);
      world.lastJump = clock.now();
      return;
    case "read":
      return arrivals.read(what.reader, what.count, (promise) => promises.track("next", promise));
    case "leave":
      return promises.track("leave", arrivals.leave(what.reader));
  }
}

/** A transport that does not keep its contract. */
function stray(
  { wire, journal }: World,
  { socket: back, callback }: Extract<Happening, { readonly do: "stray" }>,
): void {
  const socket = wire.sockets.at(-1 - back);
  if (!socket) return;
  const { listener, isAlive, isOpened } = socket;
  journal.saw(`stray: ${callback} ${isAlive ? (isOpened ? "doubled" : "early") : "late"}`);
  switch (callback) {
    case "open":
      if (isAlive && !isOpened) return socket.open();
      return listener.onOpen({ protocol: "", extensions: "" });
    case "message":
      if (isAlive && isOpened) return socket.receive(true);
      return listener.onMessage(wire.host.arrives(socket, true));
    case "close":
      return socket.tell({ code: 1006, reason: "", wasClean: false });
    case "drain":
      return listener.onDrain();
    case "pong":
      socket.lastFrameAt = wire.host.now();
      return listener.onPong(Uint8Array.of(0, 1));
    case "activity":
      socket.lastFrameAt = wire.host.now();
      return listener.onActivity();
  }
}

/** Closes the client: whatever was going on, nothing is left. */
async function finish(world: World): Promise<void> {
  const { client, clock, wire, calls, ledger, promises, journal, settings } = world;
  const then = async (what: Happening): Promise<void> => {
    await take(world, { what, turns: null });
  };
  journal.trace?.push("the end");
  if (settings.endsWell) {
    Object.assign(world.modes, { talk: "ask", onSend: "pass", onMessage: "pass" });
    Object.assign(wire, { greeting: null, replies: true, answersClose: true, refusesNext: false });
    world.release();
    world.calm();
    if (wire.current?.halfOpen || wire.current?.isDead)
      wire.current.tell({ code: 1006, reason: "", wasClean: false });
    await then({ do: "flow" });
    for (let left = patience; left > 0; left -= 100) {
      await then({ do: "advance", ms: 100 });
      await then({ do: "messages", count: 1, onTheirWay: false });
    }
    const { status } = client.state;
    const isDecided = ["connected", "idle", "closed"].includes(status);
    if (!isDecided && settings.verdict !== "never")
      journal.breaks(`${status} after ${patience} ms with a good server`);
  }
  // An exchange without a deadline may hold everything back for ever.
  const isGood =
    settings.endsWell &&
    client.isConnected &&
    wire.current !== undefined &&
    !promises.isPending("exchange");
  await then({ do: "call", call: { call: "close", timeout: undefined } });
  await then({ do: "advance", ms: 61 });
  if (isGood && !calls.wasClean) journal.breaks("a good connection is not closed cleanly");
  calls.finish();
  promises.finish();
  ledger.finish();
  if (client.state.status !== "closed") journal.breaks(`${client.state.status} after close()`);
  if (clock.pending > 0) journal.breaks(`${clock.pending} timers are left`);
  if (wire.current) journal.breaks(`socket ${wire.current.number} is left`);
  const { queued, queuedBytes, bufferedAmount, connectionCount } = client.snapshot();
  const signals = [...wire.sockets.map(({ request }) => request.signal), ...wire.asked.values()];
  // A URL that was asked for has the signal of the socket that was opened there.
  const open = new Set(signals.filter(({ aborted }) => !aborted)).size - connectionCount;
  if (open > 0) journal.breaks(`the signals of ${open} failed dials never aborted`);
  if (queued + queuedBytes + bufferedAmount > 0) journal.breaks("something is left in a buffer");
  if (world.context) journal.breaks("a plugin is not torn down");
}
