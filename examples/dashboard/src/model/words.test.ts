import {
  ConnectError,
  ConnectionLostError,
  ConnectTimeoutError,
  HandshakeError,
  HandshakeTimeoutError,
  IdleTimeoutError,
  PluginError,
  UnsupportedError,
} from "@stream-tungstenite/core";
import { SubscriptionRefusedError } from "@stream-tungstenite/handshake-subscribe";
import { expect, it } from "vitest";
import { closing, connected, connecting, greeting, idle, waiting } from "../testing/history.ts";
import { causeWords, durationWords, shortened, wordsOf } from "./words.ts";

it.for([
  [idle, "Disconnected", "At rest, until it is told to connect."],
  [connecting, "Connecting", "The first attempt."],
  [{ status: "connecting", attempt: 3 }, "Connecting", "Retry 3 of this outage."],
  [greeting, "Greeting", "The socket is open; the step is auth."],
  [connected, "Connected", "Connection 1, greeted and subscribed."],
  [waiting(2, 5), "Waiting", "Connection cut. Retry 2 comes by itself."],
  [closing, "Closing", "Saying goodbye."],
  [{ status: "closed", cause: null }, "Closed", "For good."],
  [{ status: "closed", cause: new UnsupportedError("No way") }, "Closed", "Gave up. No way"],
  [
    { status: "closed", cause: new SubscriptionRefusedError("", ["A"]) },
    "Closed",
    "Gave up. Subscription of A refused.",
  ],
] as const)("says of %o: %s", ([state, title, meaning]) => {
  expect(wordsOf(state)).toEqual({ title, meaning });
});

const close = { code: 1006, reason: "", wasClean: false };
it.for([
  [new ConnectionLostError(close), "connection cut"],
  [new ConnectionLostError({ ...close, code: 1011 }), "closed with 1011"],
  [
    new ConnectionLostError({ code: 1012, reason: "restarting", wasClean: true }),
    "closed with 1012, restarting",
  ],
  [new IdleTimeoutError(close), "no sign of life"],
  [new ConnectError("", { phase: "unknown" }), "no connection"],
  [new ConnectError("", { phase: "upgrade", status: 503 }), "refused with 503"],
  [new ConnectTimeoutError("", { phase: "tcp" }), "no answer in time"],
  [new HandshakeTimeoutError("", { step: "auth" }), "greeting unanswered at auth"],
  [new HandshakeError("", { step: "auth" }), "greeting failed at auth"],
  [new SubscriptionRefusedError("", ["A", "B"]), "subscription of A, B refused"],
  [
    new PluginError("subscribe", "report", {
      cause: new SubscriptionRefusedError("", ["A".repeat(200)]),
    }),
    `subscription of ${"A".repeat(23)}… refused`,
  ],
  [new UnsupportedError("something else"), "something else"],
] as const)("says of %o: %s", ([cause, words]) => {
  expect(causeWords(cause)).toBe(words);
});

it.for([
  [-5, "0 ms"],
  [0, "0 ms"],
  [412.4, "412 ms"],
  [999.6, "1.0 s"],
  [3_449, "3.4 s"],
  [9_949, "9.9 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min 00 s"],
  [125_000, "2 min 05 s"],
] as const)("says %d ms as %s", ([milliseconds, words]) => {
  expect(durationWords(milliseconds)).toBe(words);
});

it.for([
  ["", ""],
  ["A".repeat(24), "A".repeat(24)],
  ["A".repeat(25), `${"A".repeat(23)}…`],
  ["😀".repeat(25), `${"😀".repeat(23)}…`],
] as const)("cuts %s to %s", ([typed, shown]) => {
  expect(shortened(typed)).toBe(shown);
});
