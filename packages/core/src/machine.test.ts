import { describe, expect, test } from "vitest";
import { ConnectError } from "./errors.ts";
import { transition } from "./machine.ts";
import type { ClientState, StateEvent } from "./machine.ts";

const cause = new ConnectError("no", { phase: "tcp" });

const states = {
  idle: { status: "idle" },
  connecting: { status: "connecting", attempt: 3 },
  handshaking: { status: "handshaking", attempt: 3, step: "auth" },
  connected: { status: "connected", id: 7, since: 1_000 },
  waiting: { status: "waiting", attempt: 4, delay: 10, until: 20, cause },
  "closing to idle": { status: "closing", next: "idle" },
  "closing for good": { status: "closing", next: "closed" },
  closed: { status: "closed", cause: null },
  "given up": { status: "closed", cause },
} satisfies Record<string, ClientState>;

const events = {
  dial: { type: "dial", attempt: 5 },
  step: { type: "step", step: "subscribe" },
  ready: { type: "ready", id: 8, since: 2_000 },
  wait: { type: "wait", attempt: 6, delay: 1, until: 2, cause },
  "close to idle": { type: "close", next: "idle" },
  "close for good": { type: "close", next: "closed" },
  rest: { type: "rest" },
  end: { type: "end", cause: null },
  "give up": { type: "end", cause },
} satisfies Record<string, StateEvent>;

const dialed: ClientState = { status: "connecting", attempt: 5 };
const stepped: ClientState = { status: "handshaking", attempt: 3, step: "subscribe" };
const ready: ClientState = { status: "connected", id: 8, since: 2_000 };
const waiting: ClientState = { status: "waiting", attempt: 6, delay: 1, until: 2, cause };
const resting: ClientState = { status: "idle" };
const toIdle: ClientState = { status: "closing", next: "idle" };
const forGood: ClientState = { status: "closing", next: "closed" };
const closed: ClientState = { status: "closed", cause: null };
const gaveUp: ClientState = { status: "closed", cause };

/** Every arrow there is; a pair that is not here changes nothing. */
const arrows: {
  readonly [S in keyof typeof states]: { readonly [E in keyof typeof events]?: ClientState };
} = {
  idle: { dial: dialed, end: closed, "give up": gaveUp },
  connecting: {
    step: { ...stepped, attempt: 3 },
    ready,
    wait: waiting,
    rest: resting,
    end: closed,
    "give up": gaveUp,
  },
  handshaking: {
    step: stepped,
    ready,
    wait: waiting,
    rest: resting,
    end: closed,
    "give up": gaveUp,
  },
  connected: {
    wait: waiting,
    "close to idle": toIdle,
    "close for good": forGood,
    end: closed,
    "give up": gaveUp,
  },
  waiting: { dial: dialed, wait: waiting, rest: resting, end: closed, "give up": gaveUp },
  "closing to idle": {
    dial: dialed,
    "close for good": forGood,
    rest: resting,
    end: closed,
    "give up": gaveUp,
  },
  "closing for good": { end: closed, "give up": gaveUp },
  closed: {},
  "given up": { dial: dialed, "give up": gaveUp },
};

describe.each(Object.keys(states) as (keyof typeof states)[])("in %s", (name) => {
  const state = states[name];

  test.each(Object.keys(events) as (keyof typeof events)[])("the event %s", (event) => {
    const before = structuredClone({ ...state, cause: null });
    const next = transition(state, events[event]);
    expect(next).toStrictEqual(arrows[name][event] ?? state);
    // The very same object, so that nobody is told of a change that is none.
    expect(next === state).toBe(arrows[name][event] === undefined);
    expect({ ...state, cause: null }).toStrictEqual(before);
  });
});
