import { describe, expect, test } from "vitest";
import * as core from "./index.ts";
import type { CloseInfo } from "./index.ts";

const close: CloseInfo = { code: 1011, reason: "bug", wasClean: true };
const cause = new Error("deeper");

/** One of each, with its code, whether it is worth a retry, and its message. */
const tree = [
  [new core.ConfigurationError(["url: bad"]), "CONFIGURATION", false, "url: bad"],
  [new core.UnsupportedError("No pings"), "UNSUPPORTED", false, "No pings"],
  [
    new core.AlreadyRunningError(),
    "ALREADY_RUNNING",
    false,
    "run() is already running; it settles when the client closes",
  ],
  [new core.ClientClosedError(), "CLIENT_CLOSED", false, "The client is closed"],
  [
    new core.PluginError("zip", "onSend", { cause }),
    "PLUGIN",
    true,
    "Plugin 'zip' failed in onSend: deeper",
  ],
  [new core.ConnectError("No route", { phase: "tcp", cause }), "CONNECT", true, "No route"],
  [new core.ConnectTimeoutError("Too slow", { phase: "dns" }), "CONNECT_TIMEOUT", true, "Too slow"],
  [new core.HandshakeError("Failed", { step: "auth", cause }), "HANDSHAKE", true, "Failed"],
  [new core.HandshakeTimeoutError("Slow"), "HANDSHAKE_TIMEOUT", true, "Slow"],
  [new core.HandshakeRejectedError("No"), "HANDSHAKE_REJECTED", false, "No"],
  [
    new core.ConnectionLostError(close),
    "CONNECTION_LOST",
    true,
    "Connection lost: close code 1011 'bug'",
  ],
  [new core.IdleTimeoutError(close, "Silence"), "IDLE_TIMEOUT", true, "Silence"],
  [
    new core.RetriesExhaustedError(3, 700, { cause }),
    "RETRIES_EXHAUSTED",
    false,
    "Gave up after 3 retries in 700 ms: deeper",
  ],
  [
    new core.ReaderOverflowError(8),
    "READER_OVERFLOW",
    false,
    "The reader fell behind by more than its 8 messages",
  ],
  [new core.TimeoutError("Late"), "TIMEOUT", true, "Late"],
  [new core.QueueFullError("Full"), "QUEUE_FULL", true, "Full"],
  [new core.NotConnectedError("Off"), "NOT_CONNECTED", true, "Off"],
  [new core.SendTimeoutError("Late"), "SEND_TIMEOUT", true, "Late"],
  [
    new core.MessageDroppedError("expired"),
    "MESSAGE_DROPPED",
    false,
    "The message was dropped unsent: expired",
  ],
] as const;

describe.each(tree)("%s", (error, code, retryable, message) => {
  test("has a stable code, says whether to retry, and what happened", () => {
    expect([error.code, error.retryable, error.message]).toEqual([code, retryable, message]);
  });

  test("is a StreamTungsteniteError by class and by brand, and shows its own name", () => {
    expect(error).toBeInstanceOf(core.StreamTungsteniteError);
    expect(error).toBeInstanceOf(Error);
    expect(core.isStreamTungsteniteError(error)).toBe(true);
    expect(error.name).toBe(error.constructor.name);
    expect(error.stack).toMatch(`${error.name}: ${message}\n`);
  });
});

test("the tree has no class without a sample here", () => {
  const classes = Object.entries(core)
    .filter(([name]) => name.endsWith("Error") && !name.startsWith("is"))
    .map(([name]) => name);
  const abstract = ["StreamTungsteniteError", "SendError"];
  expect(classes.toSorted()).toEqual(
    [...abstract, ...tree.map(([error]) => error.constructor.name)].toSorted(),
  );
});

test("codes are unique", () => {
  expect(new Set(tree.map(([, code]) => code)).size).toBe(tree.length);
});

test.each([
  [core.ConnectTimeoutError, core.ConnectError],
  [core.HandshakeTimeoutError, core.HandshakeError],
  [core.HandshakeRejectedError, core.HandshakeError],
  [core.IdleTimeoutError, core.ConnectionLostError],
  [core.QueueFullError, core.SendError],
  [core.NotConnectedError, core.SendError],
  [core.SendTimeoutError, core.SendError],
  [core.MessageDroppedError, core.SendError],
])("%o extends %o", (child, parent) => {
  expect(Object.create(child.prototype)).toBeInstanceOf(parent);
});

describe("the brand", () => {
  test("holds across two copies of the package, which share no class", () => {
    class Foreign extends Error {}
    Object.defineProperty(Foreign.prototype, Symbol.for("@stream-tungstenite/error"), {
      value: true,
    });
    expect(core.isStreamTungsteniteError(new Foreign())).toBe(true);
  });

  test.each([new Error("no"), null, undefined, "text", 7, {}])("is not on %o", (value) => {
    expect(core.isStreamTungsteniteError(value)).toBe(false);
  });
});

describe("ConfigurationError", () => {
  test("lists every fault in its message and in faults", () => {
    const error = new core.ConfigurationError(["one", "two"]);
    expect(error.faults).toEqual(["one", "two"]);
    expect(error.message).toBe("2 faults:\n- one\n- two");
  });
});

describe("causes", () => {
  test("are chained", () => {
    expect(new core.PluginError("a", "b", { cause }).cause).toBe(cause);
    expect(new core.ConnectError("a", { phase: "tls", cause }).cause).toBe(cause);
    expect(new core.HandshakeError("a", { cause }).cause).toBe(cause);
    expect(new core.RetriesExhaustedError(1, 2, { cause }).cause).toBe(cause);
    expect(new core.ConnectionLostError({ ...close, error: cause }).cause).toBe(cause);
    expect(new core.ClientClosedError("a", { cause }).cause).toBe(cause);
  });

  test("that nobody gave are absent, not undefined", () => {
    expect("cause" in new core.ConnectError("a", { phase: "tls" })).toBe(false);
    expect("cause" in new core.HandshakeError("a", { step: "b" })).toBe(false);
    expect("cause" in new core.ConnectionLostError(close)).toBe(false);
    expect("status" in new core.ConnectError("a", { phase: "tls" })).toBe(false);
    expect("retryAfter" in new core.ConnectError("a", { phase: "tls" })).toBe(false);
  });

  test("that are no errors stay out of the message", () => {
    expect(new core.PluginError("a", "onSend", { cause: "text" }).message).toBe(
      "Plugin 'a' failed in onSend",
    );
  });
});

test("a close reason stands on one line of the message, without what a terminal would obey", () => {
  const reason = "a\n\u001b[2Jb\u202ec";
  const error = new core.ConnectionLostError({ ...close, code: 4000, reason });
  expect(error.message).toBe("Connection lost: close code 4000 'a  [2Jb c'");
  expect(error.close.reason).toBe(reason);
});

test("errors keep what they were told", () => {
  const error = new core.ConnectError("a", { phase: "upgrade", status: 503, retryAfter: 2_000 });
  expect(error).toMatchObject({ phase: "upgrade", status: 503, retryAfter: 2_000 });
  expect(new core.PluginError("p", "h", {})).toMatchObject({ plugin: "p", hook: "h" });
  expect(new core.HandshakeError("m", { step: "s" }).step).toBe("s");
  expect(new core.HandshakeError("m").step).toBe("");
  expect(new core.ConnectionLostError(close).close).toBe(close);
  expect(new core.RetriesExhaustedError(1, 5, {})).toMatchObject({ attempts: 1, elapsed: 5 });
  expect(new core.RetriesExhaustedError(1, 5, {}).message).toBe("Gave up after 1 retry in 5 ms");
  expect(new core.MessageDroppedError("overflow").reason).toBe("overflow");
});
