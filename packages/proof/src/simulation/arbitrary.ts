import * as fc from "fast-check";
import type {
  Call,
  Greeting,
  Happening,
  HookMode,
  ListenerName,
  Place,
  Schedule,
  Settings,
  Step,
  Talk,
} from "./schedule.ts";

// Small numbers, so that limits are reached and deadlines pass; weights, so that the client gets somewhere.

type Weighted<T> = readonly (readonly [weight: number, value: T])[];

/** One of the values, the first being the simplest. */
function pick<const T>(...choices: Weighted<T>): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, value]) => ({ weight, arbitrary: fc.constant(value) })));
}
const oneOf = <T>(...choices: Weighted<fc.Arbitrary<T>>): fc.Arbitrary<T> =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));

const flag = (weight: number): fc.Arbitrary<boolean> => pick([10 - weight, false], [weight, true]);
const timeout: fc.Arbitrary<number | undefined> = pick([5, undefined], [1, 0], [2, 15], [2, 60]);

const settings: fc.Arbitrary<Settings> = fc.record({
  canPing: flag(8),
  canPause: flag(7),
  canFlush: flag(6),
  tellsBytes: flag(5),
  asksUrl: flag(4),
  firesEarly: flag(3),
  capacity: pick([6, 1024], [2, 3], [2, 2], [1, 1]),
  maxBytes: pick([5, 100_000], [4, 60], [2, 30]),
  overflow: pick([4, "reject"], [4, "drop-oldest"], [3, "drop-newest"]),
  whileDisconnected: pick([7, "hold"], [3, "reject"]),
  maxAge: pick([6, undefined], [2, 40], [1, 150]),
  highWaterMark: pick([5, 100_000], [3, 40], [2, 15]),
  receiveBuffer: pick([5, 1024], [2, 4], [2, 2]),
  receiveTimeout: pick([6, 0], [3, 120]),
  stableAfter: pick([5, 60], [2, 0], [3, 5_000]),
  handshakeRetryDelay: pick([6, 0], [3, 70]),
  exitOnFirstFailure: flag(1),
  policy: pick([6, "ignore"], [4, "disconnect"]),
  // Never 0: a connection that is lost at once, for ever, would not let time go on.
  delays: oneOf<readonly (number | null)[]>(
    [4, fc.constant([30])],
    [4, fc.array(pick([4, 10], [2, 4], [4, 100], [2, 300]), { minLength: 1, maxLength: 4 })],
    [1, fc.constant([20, 40, null])],
    [1, fc.constant([25, null])],
  ),
  adjusted: pick([7, null], [1, 5], [2, 90]),
  verdict: pick([12, "default"], [3, "yes"], [3, "later"], [1, "never"], [1, "throws"], [1, "no"]),
  handshakes: pick([4, 1], [3, 0], [3, 2]),
  handshakeTimeout: pick([6, undefined], [2, 20], [2, 95]),
  endsWell: flag(5),
});

const greeting: fc.Arbitrary<Greeting> = oneOf<Greeting>(
  [10, fc.constant({ kind: "accept" })],
  [3, fc.constant({ kind: "wait" })],
  [
    4,
    fc.record({
      kind: fc.constant("refuse"),
      status: pick([6, 503], [3, 429], [2, 401], [1, 404]),
      retryAfter: pick([4, undefined], [3, 150], [2, 400], [1, 0]),
    }),
  ],
  [3, fc.record({ kind: fc.constant("fail"), retryable: flag(9), inside: flag(3) })],
  [1, fc.constant({ kind: "throw" })],
  [1, fc.record({ kind: fc.constant("no-url"), retryable: flag(8) })],
  [3, fc.record({ kind: fc.constant("late-url"), rejects: flag(3), waits: flag(5) })],
);

const talk: fc.Arbitrary<Talk> = pick(
  [5, "ok"],
  [8, "ask"],
  [4, "ask-twice"],
  [3, "hang"],
  [1, "refuse"],
  [2, "fail"],
  [2, "swallow"],
  [3, "impatient"],
);

const mode: fc.Arbitrary<HookMode> = pick(
  [6, "pass"],
  [3, "replace"],
  [2, "drop"],
  [2, "split"],
  [3, "split-slowly"],
  [2, "throw"],
  [1, "nonsense"],
  [4, "later"],
  [1, "later-drop"],
  [2, "later-split"],
  [2, "later-throw"],
  [3, "stall"],
);

const listener: fc.Arbitrary<ListenerName> = pick(
  [4, "connected"],
  [3, "connecting"],
  [3, "open"],
  [4, "disconnected"],
  [3, "reconnectScheduled"],
  [2, "error"],
  [1, "fatal"],
  [1, "shutdown"],
  [2, "closed"],
  [4, "state"],
  [3, "message"],
  [2, "drain"],
  [1, "lagged"],
  [2, "dropped"],
);

const place: fc.Arbitrary<Place> = oneOf<Place>(
  [12, listener],
  [2, fc.constant("onSend")],
  [2, fc.constant("onMessage")],
  [1, fc.constant("onConnected")],
  [1, fc.constant("onDisconnected")],
  [1, fc.constant("onStateChange")],
  [1, fc.constant("onError")],
  [2, fc.constant("handshake")],
  [1, fc.constant("nextDelay")],
  [1, fc.constant("shouldReconnect")],
  [1, fc.constant("setup")],
  [1, fc.constant("teardown")],
  [1, fc.constant("url")],
);

const abortable = flag(3);
const size = pick([5, 4], [3, 12], [5, 25], [1, 70]);
const maxAge: fc.Arbitrary<number | undefined> = pick([7, undefined], [1, 0], [2, 25]);

const call: fc.Arbitrary<Call> = oneOf<Call>(
  [9, fc.record({ call: fc.constant("connect"), abortable })],
  [2, fc.record({ call: fc.constant("run"), abortable })],
  [2, fc.record({ call: fc.constant("ready"), timeout, abortable })],
  [4, fc.constant({ call: "reconnect" })],
  [3, fc.record({ call: fc.constant("disconnect"), timeout })],
  [1, fc.record({ call: fc.constant("close"), timeout })],
  [20, fc.record({ call: fc.constant("send"), size, maxAge, binary: flag(2) })],
  [10, fc.record({ call: fc.constant("sendAsync"), size, maxAge, timeout, abortable })],
  [4, fc.record({ call: fc.constant("flush"), timeout, abortable })],
  [3, fc.record({ call: fc.constant("ping"), timeout, abortable })],
  [
    4,
    fc.record({
      call: fc.constant("messages"),
      overflow: pick([5, "pause"], [2, "drop-oldest"], [2, "drop-newest"], [1, "error"]),
      mark: pick([3, 2], [3, 1], [2, 4]),
      abortable,
    }),
  ],
  [1, fc.record({ call: fc.constant("events"), abortable })],
  [2, fc.record({ call: fc.constant("once"), event: listener, timeout })],
  [2, fc.record({ call: fc.constant("use"), what: pick([2, "extension"], [1, "handshake"]) })],
  [1, fc.record({ call: fc.constant("unuse"), which: fc.nat(3) })],
  [5, fc.record({ call: fc.constant("exchange"), talk, hold: flag(5), timeout, abortable })],
  [2, fc.constant({ call: "fail" })],
  [1, fc.constant({ call: "suspend" })],
  [1, fc.constant({ call: "resume" })],
  [1, fc.constant({ call: "report" })],
  [1, fc.constant({ call: "probe" })],
  [1, fc.constant({ call: "throw" })],
  [3, fc.record({ call: fc.constant("abort"), which: fc.nat(3) })],
);

const happening: fc.Arbitrary<Happening> = oneOf<Happening>(
  [40, fc.record({ do: fc.constant("call"), call })],
  [8, fc.record({ do: fc.constant("react"), at: place, call })],
  [5, fc.record({ do: fc.constant("greet"), next: greeting })],
  [3, fc.record({ do: fc.constant("answer"), greeting })],
  [1, fc.record({ do: fc.constant("replies"), on: flag(6) })],
  [2, fc.constant({ do: "reply" })],
  [2, fc.record({ do: fc.constant("talk"), as: talk })],
  [4, fc.record({ do: fc.constant("hook"), hook: pick([1, "onSend"], [1, "onMessage"]), mode })],
  [3, fc.constant({ do: "release" })],
  [
    10,
    fc.record({
      do: fc.constant("messages"),
      count: pick([4, 1], [3, 3], [1, 6]),
      onTheirWay: flag(3),
    }),
  ],
  [
    6,
    fc.record({
      do: fc.constant("end"),
      code: pick([6, 1006], [2, 1000], [2, 1001], [1, 1012], [1, 1008], [1, 4401]),
      late: flag(2),
    }),
  ],
  [2, fc.record({ do: fc.constant("half-open"), buffers: flag(5) })],
  [4, fc.constant({ do: "slow" })],
  [
    4,
    fc.record({
      do: fc.constant("drain"),
      bytes: pick([3, 1_000], [2, 10], [2, 30]),
      late: flag(2),
    }),
  ],
  [3, fc.constant({ do: "flow" })],
  [1, fc.record({ do: fc.constant("closing"), answers: flag(5) })],
  [
    2,
    fc.record({ do: fc.constant("pong"), which: pick([2, "first"], [2, "last"], [1, "unknown"]) }),
  ],
  [
    4,
    fc.record({
      do: fc.constant("stray"),
      socket: fc.nat(3),
      callback: pick(
        [3, "message"],
        [3, "close"],
        [3, "open"],
        [1, "drain"],
        [1, "pong"],
        [1, "activity"],
      ),
    }),
  ],
  [1, fc.constant({ do: "refuse-message" })],
  [
    9,
    fc.record({
      do: fc.constant("advance"),
      ms: pick([3, 10], [3, 35], [3, 100], [2, 400], [1, 1]),
    }),
  ],
  [5, fc.constant({ do: "next-timer" })],
  [2, fc.record({ do: fc.constant("jump"), ms: pick([2, 50], [1, 300]) })],
  [5, fc.record({ do: fc.constant("read"), reader: fc.nat(2), count: pick([4, 1], [3, 4]) })],
  [1, fc.record({ do: fc.constant("leave"), reader: fc.nat(2) })],
);

const step: fc.Arbitrary<Step> = fc.record({
  what: happening,
  turns: pick([14, null], [2, 0], [1, 1], [1, 3], [1, 9]),
});

/** Most begin by connecting: what happens to a client that nobody has started is soon known. */
const start: fc.Arbitrary<readonly Step[]> = pick<readonly Step[]>(
  [7, [{ what: { do: "call", call: { call: "connect", abortable: false } }, turns: null }]],
  [1, [{ what: { do: "call", call: { call: "run", abortable: true } }, turns: null }]],
  [2, []],
);

/** Every schedule of 5 to 60 steps. */
export const schedules: fc.Arbitrary<Schedule> = fc
  .tuple(settings, start, fc.array(step, { minLength: 5, maxLength: 59, size: "max" }))
  .map(([settings, start, steps]) => ({ settings, steps: [...start, ...steps] }));
