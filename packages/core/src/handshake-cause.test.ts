import { describe, expect, test } from "vitest";
import {
  ConnectionLostError,
  HandshakeError,
  HandshakeRejectedError,
  QueueFullError,
} from "./errors.ts";
import { handshakeCause, nameStep } from "./handshake-cause.ts";

describe("the cause of a failed handshake", () => {
  test("is a HandshakeError around what was thrown", () => {
    const failure = new TypeError("odd");
    const cause = handshakeCause(failure, "auth");
    expect(cause).toBeInstanceOf(HandshakeError);
    expect(cause).toMatchObject({
      step: "auth",
      cause: failure,
      message: "Handshake 'auth' failed: odd",
    });
  });

  test.each([undefined, null, "text"])("is one even when that is no error: %s", (thrown) => {
    expect(handshakeCause(thrown, "auth")).toMatchObject({
      cause: thrown,
      message: "Handshake 'auth' failed",
    });
  });

  test("is a HandshakeError around errors of ours that end no connection", () => {
    const failure = new QueueFullError("full");
    expect(handshakeCause(failure, "auth")).toMatchObject({ code: "HANDSHAKE", cause: failure });
  });

  test("stays a refusal, a timeout or a loss", () => {
    const refusal = new HandshakeRejectedError("no", { step: "inner" });
    const loss = new ConnectionLostError({ code: 1001, reason: "", wasClean: true });
    expect(handshakeCause(refusal, "auth")).toBe(refusal);
    expect(refusal.step).toBe("inner");
    expect(handshakeCause(loss, "auth")).toBe(loss);
  });

  test("stays a refusal across two copies of the package", () => {
    const foreign = Object.assign(new Error("no"), {
      [Symbol.for("@stream-tungstenite/error")]: true,
      step: "",
      retryable: false,
    });
    expect(handshakeCause(foreign, "auth")).toBe(foreign);
    expect(foreign.step).toBe("auth");
  });
});

test.each([undefined, null, 7])("%s has no step to name", (value) => {
  expect(nameStep(value, "auth")).toBe(value);
});

test("what only looks like a handshake's error keeps its step", () => {
  expect(nameStep({ step: "" }, "auth")).toEqual({ step: "" });
});
