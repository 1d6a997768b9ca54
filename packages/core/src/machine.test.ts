import { describe, expect, test } from "vitest";
import { ConnectError } from "./errors.ts";
import { transition } from "./machine.ts";
import type { ClientState } from "./machine.ts";

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

const wanted = {
  idle: { status: "idle" },
  connecting: { status: "connecting", attempt: 5 },
  handshaking: { status: "handshaking", attempt: 3, step: "subscribe" },
  connected: { status: "connected", id: 8, since: 2_000 },
  waiting: { status: "waiting", attempt: 6, delay: 1, until: 2, cause },
  "closing to idle": { status: "closing", next: "idle" },
  "closing for good": { status: "closing", next: "closed" },
  closed: { status: "closed", cause: null },
  "given up": { status: "closed", cause },
} satisfies Record<keyof typeof states, ClientState>;

type Name = keyof typeof states;
const anyEnd: readonly Name[] = ["closed", "given up"];
const fromDial: readonly Name[] = ["handshaking", "connected", "waiting", "idle", ...anyEnd];

/** Every arrow there is; a pair that is not here changes nothing. */
const arrows: { readonly [S in Name]: readonly Name[] } = {
  idle: ["connecting", ...anyEnd],
  connecting: fromDial,
  handshaking: fromDial,
  connected: ["waiting", "closing to idle", "closing for good", ...anyEnd],
  waiting: ["connecting", "waiting", "idle", ...anyEnd],
  "closing to idle": ["connecting", "closing for good", "idle", ...anyEnd],
  "closing for good": anyEnd,
  closed: [],
  "given up": ["connecting", "given up"],
};

const names = Object.keys(states) as Name[];

describe.each(names)("from %s", (name) => {
  const state = states[name];

  test.each(names)("to %s", (next) => {
    // The very same object, so that nobody is told of a change that is none.
    expect(transition(state, wanted[next])).toBe(
      arrows[name].includes(next) ? wanted[next] : state,
    );
  });
});
